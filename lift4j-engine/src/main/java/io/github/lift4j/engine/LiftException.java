package io.github.lift4j.engine;

/**
 * An error a person can act on: its message is one sentence that says what happened, to which input, and what to do.
 *
 * <p>Everything lift4j refuses on purpose is refused with this type; any other exception that leaves the library is a
 * defect in it.
 */
public final class LiftException extends RuntimeException {

    public LiftException(String message) {
        super(message);
    }

    public LiftException(String message, Throwable cause) {
        super(message, cause);
    }
}
