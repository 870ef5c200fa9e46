package io.github.lift4j.server.answer;

import io.github.lift4j.engine.generation.TokenOdds;
import java.util.List;

/** What comes of a question, in this order: pieces, then its end or a failure. */
public sealed interface Heard {

    /**
     * More of the answer's text.
     *
     * @param odds of the tokens written since the last piece, where they were asked for: in the end one for each token, those
     *     of a stop text included, of which there is no text
     */
    record Piece(String text, List<TokenOdds> odds) implements Heard {

        public Piece {
            odds = List.copyOf(odds);
        }
    }

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
