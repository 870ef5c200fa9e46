package io.github.lift4j.answer;

import io.github.lift4j.engine.LiftException;

/**
 * How the window is shared out.
 *
 * @param answerTokens longest answer, at least 1
 * @param documentTokens most tokens of the document's head and tail together; the window's size where that is less
 */
public record Window(int answerTokens, int documentTokens) {

    public Window {
        if (answerTokens < 1 || documentTokens < 2) {
            throw new LiftException("A window needs room for an answer of at least 1 token and 2 of the document, not "
                    + answerTokens + " and " + documentTokens + ".");
        }
    }

    /** As much of the document as the window holds. */
    public static Window full(int answerTokens) {
        return new Window(answerTokens, Integer.MAX_VALUE);
    }
}
