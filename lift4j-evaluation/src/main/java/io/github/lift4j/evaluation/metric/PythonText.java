package io.github.lift4j.evaluation.metric;

import java.util.List;
import java.util.regex.Pattern;

/** Text as the official scripts' language takes it apart. Python's white space is not Java's: it has U+00A0, for one. */
final class PythonText {

    private static final String SPACE =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]++";

    private static final Pattern SPACES = Pattern.compile(SPACE);
    private static final Pattern START = Pattern.compile("^" + SPACE);
    private static final Pattern END = Pattern.compile(SPACE + "\\z");

    private PythonText() {}

    /** {@code text.split()}. */
    static List<String> words(String text) {
        return SPACES.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }

    /** {@code text.strip()}. */
    static String strip(String text) {
        return END.matcher(START.matcher(text).replaceFirst("")).replaceFirst("");
    }

    /** {@code text.lstrip("\n")}. */
    static String withoutLeadingNewlines(String text) {
        int start = 0;
        while (start < text.length() && text.charAt(start) == '\n') {
            start++;
        }
        return text.substring(start);
    }

    /** {@code text.strip(".")}. */
    static String withoutOuterStops(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && text.charAt(start) == '.') {
            start++;
        }
        while (end > start && text.charAt(end - 1) == '.') {
            end--;
        }
        return text.substring(start, end);
    }
}
