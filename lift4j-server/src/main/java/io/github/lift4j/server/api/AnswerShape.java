package io.github.lift4j.server.api;

import io.github.lift4j.server.answer.Heard;
import java.util.Optional;

/** How one kind of completion is written down. */
interface AnswerShape {

    /** The answer as one object, of all its pieces in one. */
    Object whole(Heard.Piece all, Heard.End end);

    /** The event before the first piece, where there is one. */
    Optional<Object> first();

    /** A piece of it, as an event. */
    Object piece(Heard.Piece piece);

    /** The event behind the last piece. */
    Object last(Heard.End end);

    /** The event that says what it took. */
    Object usage(Heard.End end);
}
