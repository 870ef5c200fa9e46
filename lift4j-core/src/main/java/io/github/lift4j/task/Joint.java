package io.github.lift4j.task;

import java.util.Map;

/**
 * Where two passages of a text may meet: the end of one and the beginning of another. Whether the second follows right
 * behind the first is a question that shows no other passage, so passages are put into order by asking for all ordered
 * pairs of them (pairwise ranking by prompting, Qin et al. 2023) and taking the {@linkplain JointOrder best order}.
 *
 * @param end of the first passage, on one line
 * @param beginning of the second passage, on one line
 */
public record Joint(String end, String beginning) {

    /** Characters (UTF-16 units) of the first passage that are shown at most. */
    public static final int END_CHARACTERS = 1200;

    /** Characters (UTF-16 units) of the second passage that are shown at most. */
    public static final int BEGINNING_CHARACTERS = 600;

    /** The answer where the second passage follows right behind the first. */
    public static final String YES = "Yes";

    /** The answer where it does not. */
    public static final String NO = "No";

    private static final Wordings WORDINGS = Wordings.of("joint.txt");

    /**
     * What two passages show to each other, with one space for each run of spaces and line ends: no more than {@link
     * #END_CHARACTERS} of the first and {@link #BEGINNING_CHARACTERS} of the second, and no half of a surrogate pair.
     */
    public static Joint of(String passage, String next) {
        return new Joint(end(onOneLine(passage)), beginning(onOneLine(next)));
    }

    /** Asks whether the second passage follows right behind the first: {@link #YES} or {@link #NO}. */
    public String question() {
        return WORDINGS.only(Map.of("end", end, "beginning", beginning));
    }

    private static String onOneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static String end(String text) {
        int from = Math.max(0, text.length() - END_CHARACTERS);
        return text.substring(partsPair(text, from) ? from + 1 : from);
    }

    private static String beginning(String text) {
        int to = Math.min(BEGINNING_CHARACTERS, text.length());
        return text.substring(0, partsPair(text, to) ? to - 1 : to);
    }

    private static boolean partsPair(String text, int at) {
        return at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
    }
}
