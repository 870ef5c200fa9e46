package io.github.lift4j.evaluation.suite;

/**
 * How much a unit asks for, as far as can be told without doing it.
 *
 * @param text names the document's title and text: units that absorb the same one on the same weights by the same recipe
 *     share a memory; empty where a memory is the unit's own
 * @param tokens of the document, about
 * @param questions in one mode
 * @param answerTokens longest answer
 */
public record Load(String text, long tokens, int questions, int answerTokens) {

    /** What a unit asks for whose memory is its own. */
    Load(long tokens, int questions, int answerTokens) {
        this("", tokens, questions, answerTokens);
    }
}
