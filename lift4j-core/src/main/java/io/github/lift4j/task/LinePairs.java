package io.github.lift4j.task;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads pairs out of lines: {@code Q: ...} and {@code A: ...}, numbered or not, in bold or not, on two lines or one; else
 * a line that ends in a question mark and the one behind it.
 */
final class LinePairs {

    private static final String LEAD = "^[\\s>*_#•\\-\\[(\"“]*(?:\\d{1,3}\\s*[.):]\\s*)?[*_\\[(\"“]*";
    private static final Pattern QUESTION =
            Pattern.compile(LEAD + "(?:question|q)\\s*#?\\d{0,3}\\s*[*_\\])]*\\s*[:：.)][\\s*_]*(.*)$", flags());
    private static final Pattern ANSWER = Pattern.compile(
            LEAD + "(?:(?:answer|ans|a)\\s*#?\\d{0,3}\\s*[*_\\])]*\\s*[:：]|a\\d{1,3}[.)])[\\s*_]*(.*)$", flags());
    private static final Pattern ANSWER_BEHIND = Pattern.compile(
            "([?？؟][\"”')*_]*)\\s*[\\-–(]*[*_]*(?:answer|ans|a)\\s*\\d{0,3}\\s*[*_]*[:：][\\s*_]*(.*)$", flags());
    private static final Pattern ASKS = Pattern.compile("[?？؟][\"”')*_\\s]*$");

    private final List<WrittenPair> pairs = new ArrayList<>();
    private boolean announced;
    private String question = "";

    private LinePairs() {}

    static List<WrittenPair> in(String text) {
        LinePairs found = new LinePairs();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(found::read);
        return found.pairs;
    }

    private void read(String line) {
        Matcher asked = QUESTION.matcher(line);
        Matcher answered = ANSWER.matcher(line);
        if (asked.find()) {
            ask(asked.group(1));
        } else if (answered.find()) {
            answer(answered.group(1));
        } else if (announced
                || ANSWER_BEHIND.matcher(line).find()
                || ASKS.matcher(line).find()) {
            ask(line.replaceFirst(LEAD, ""));
        } else {
            answer(line.replaceFirst(LEAD, ""));
        }
    }

    private void ask(String text) {
        Matcher behind = ANSWER_BEHIND.matcher(text);
        if (behind.find()) {
            question = WrittenPair.tidy(text.substring(0, behind.end(1)));
            answer(behind.group(2));
        } else {
            question = WrittenPair.tidy(text);
        }
        announced = text.isBlank();
    }

    /** The answer to the question before it; where there is none, or nothing is said, it is passed over. */
    private void answer(String text) {
        String tidy = WrittenPair.tidy(text);
        if (!question.isEmpty() && !tidy.isEmpty()) {
            pairs.add(new WrittenPair(question, tidy));
            question = "";
        }
    }

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    }
}
