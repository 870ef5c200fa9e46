package io.github.lift4j.documents;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides whether the hyphen at the end of a line splits a word ("exam-ple") or belongs to it ("well-known"). The
 * document itself is the dictionary: what it writes elsewhere is right here too. Without such evidence the hyphen is
 * dropped only where what follows it is no word of its own.
 */
final class Hyphenation {

    /** Enough for any language; a file that has more words than this is not made of words. */
    private static final int MOST_WORDS = 200_000;

    /** No typesetter makes a longer one; patterns run out of stack or time on lines made to make them. */
    private static final int LONGEST_LINE = 2000;

    private static final int LONGEST_WORD = 100;

    private static final Pattern WORD = Pattern.compile("\\p{L}+(?:-\\p{L}+)*(?!\\p{L}|-$)");
    private static final Pattern HEAD = Pattern.compile("(\\p{L}*\\p{Ll})-$");
    private static final Pattern TAIL = Pattern.compile("^\\p{Ll}+");
    private static final Pattern SPLIT_END = Pattern.compile("[\\p{L}\\p{N}][-\u2010\u00AD]$");

    private final Set<String> words = new HashSet<>();

    /** Remembers the words of a line, those cut off at its ends excepted. */
    void learn(String line) {
        if (line.length() > LONGEST_LINE) {
            return;
        }
        Matcher matcher = WORD.matcher(line);
        while (matcher.find() && words.size() < MOST_WORDS) {
            boolean mayBeCutOff = matcher.start() == 0;
            if (!mayBeCutOff) {
                words.add(matcher.group().toLowerCase(Locale.ROOT));
            }
        }
    }

    /** Whether {@code line} ends in a hyphen that the next line follows without a space. */
    static boolean endsInHyphen(String line) {
        return SPLIT_END.matcher(line.substring(Math.max(0, line.length() - 4))).find();
    }

    /** Whether the hyphen at the end of {@code line} is only there because the line ends. */
    boolean splitsWord(String line, String next) {
        if (line.endsWith("\u00AD")) {
            return true;
        }
        Matcher head = HEAD.matcher(
                line.substring(Math.max(0, line.length() - LONGEST_WORD)).replace('\u2010', '-'));
        Matcher tail = TAIL.matcher(next);
        if (!head.find() || !tail.find()) {
            return false;
        }
        String before = head.group(1).toLowerCase(Locale.ROOT);
        String after = tail.group();
        if (words.contains(before + "-" + after)) {
            return false;
        }
        return words.contains(before + after) || !words.contains(after);
    }
}
