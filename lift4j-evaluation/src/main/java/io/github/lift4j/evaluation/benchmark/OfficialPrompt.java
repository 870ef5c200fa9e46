package io.github.lift4j.evaluation.benchmark;

/**
 * A benchmark's own prompt for one question, with a gap where the document goes.
 *
 * @param system the system message, or an empty text
 * @param before what stands before the document
 * @param after what stands after it, the question included
 */
public record OfficialPrompt(String system, String before, String after) {

    /** The user's message with the document, or as much of it as fits in a window. */
    public String around(String document) {
        return before + document + after;
    }
}
