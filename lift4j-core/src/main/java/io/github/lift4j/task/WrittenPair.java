package io.github.lift4j.task;

import java.util.List;

/**
 * A question and its answer, as an author wrote them.
 *
 * @param question one line, not empty
 * @param answer one line, not empty
 */
record WrittenPair(String question, String answer) {

    /**
     * The pairs in what an author wrote, whether it kept to the form it was asked for or not: JSON, perhaps cut off or
     * with words around it, or lines. What is no pair is passed over.
     */
    static List<WrittenPair> in(String text) {
        List<WrittenPair> pairs = JsonPairs.in(text);
        return pairs.isEmpty() ? LinePairs.in(text) : pairs;
    }

    /** A text on one line, without the emphasis and the quotation marks that a model likes to put around it. */
    static String tidy(String text) {
        String line = text.replaceAll("\\s+", " ").replaceAll("^[ *_]+|[ *_]+$", "");
        boolean quoted = line.length() > 1 && isQuote(line.charAt(0)) && isQuote(line.charAt(line.length() - 1));
        return quoted ? tidy(line.substring(1, line.length() - 1)) : line;
    }

    private static boolean isQuote(char letter) {
        return "\"“”„'‘’".indexOf(letter) >= 0;
    }
}
