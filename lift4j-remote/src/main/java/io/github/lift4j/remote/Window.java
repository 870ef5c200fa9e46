package io.github.lift4j.remote;

import io.github.lift4j.engine.LiftException;

/**
 * A closed model's window.
 *
 * @param tokens that fit in, prompt and answer together, positive
 * @param documentTokens most of them that the document's head and tail take, positive
 * @param counter counts them
 */
public record Window(long tokens, long documentTokens, TokenCounter counter) {

    private static final String OMISSION = "\n\n[...]\n\n";

    public Window {
        if (tokens < 1 || documentTokens < 1) {
            throw new IllegalArgumentException(
                    "a window has at least 1 token, and 1 for a document, not " + tokens + " and " + documentTokens);
        }
    }

    /** As much of the document as fits. */
    public Window(long tokens, TokenCounter counter) {
        this(tokens, tokens, counter);
    }

    /**
     * The text where it fits, else as much of its head and tail as fits, in equal parts (the paper's truncated
     * in-context learning).
     *
     * @param room tokens to leave free
     */
    String excerpt(String text, long room) {
        long free = Math.min(tokens - room, documentTokens);
        if (counter.count(text) <= free) {
            return text;
        }
        long kept = free - counter.count(OMISSION);
        if (kept < 2) {
            throw new LiftException("The question and its answer need " + room + " tokens, which leaves no room for the"
                    + " document in a window of " + tokens + ": ask a shorter question or use the mode lift.");
        }
        String head = text.substring(0, fitting(text, kept - kept / 2, true));
        String tail = text.substring(text.length() - fitting(text, kept / 2, false));
        return head + OMISSION + tail;
    }

    /** As much of a text's beginning as has no more than so many tokens. */
    String beginning(String text, long limit) {
        return counter.count(text) <= limit ? text : text.substring(0, fitting(text, limit, true));
    }

    /** The most characters of a text's head or tail that have no more than so many tokens. */
    private int fitting(String text, long limit, boolean head) {
        int fits = 0;
        int tooMany = 1;
        while (tooMany < text.length() && counter.count(piece(text, tooMany, head)) <= limit) {
            fits = tooMany;
            tooMany = Math.min(text.length(), 2 * tooMany);
        }
        while (tooMany - fits > 1) {
            int middle = (fits + tooMany) >>> 1;
            if (counter.count(piece(text, middle, head)) <= limit) {
                fits = middle;
            } else {
                tooMany = middle;
            }
        }
        boolean halves = fits > 0 && Character.isLowSurrogate(text.charAt(head ? fits : text.length() - fits));
        return halves ? fits - 1 : fits;
    }

    private static String piece(String text, int length, boolean head) {
        return head ? text.substring(0, length) : text.substring(text.length() - length);
    }
}
