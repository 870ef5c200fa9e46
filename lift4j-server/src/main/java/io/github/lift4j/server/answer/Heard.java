package io.github.lift4j.server.answer;

import java.util.List;

/** What comes of a question, in this order: pieces, then its end or a failure. */
public sealed interface Heard {

    /** More of the answer's text. */
    record Piece(String text) implements Heard {}

    /**
     * The answer is whole.
     *
     * @param cut whether it ended because it may not be longer
     * @param evidence passages that stood in the window beside the question
     */
    record End(int promptTokens, int tokens, boolean cut, List<String> evidence) implements Heard {}

    /** There is no answer, or no more of it. */
    record Failure(Throwable why) implements Heard {}
}
