package io.github.lift4j.engine.hub;

/**
 * A source (the hub, or Python's package index) could not give a model, for a reason that lies there or on the way.
 * The message is a sentence without its full stop, so that several can be told together. What goes wrong on this
 * machine's disk is a {@link io.github.lift4j.engine.LiftException} at once: another source would not mend it.
 */
final class HubFailure extends Exception {

    private static final long serialVersionUID = 1L;

    HubFailure(String message) {
        super(message);
    }

    HubFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
