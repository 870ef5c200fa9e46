package io.github.lift4j.evaluation.benchmark;

/** A line that is not what the set's format says. */
final class UnreadableLine extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnreadableLine(String reason) {
        super(reason);
        this.reason = reason;
    }

    UnreadableLine(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
