package io.github.lift4j.retrieval;

import io.github.lift4j.engine.LiftException;

/** What both finders refuse, in one sentence each. */
final class Failure {

    private Failure() {}

    static LiftException closed() {
        return new LiftException("This evidence finder is closed: open one for the document again.");
    }

    /** Preparing a long document takes a while, and its caller may have lost interest. */
    static void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
    }

    static LiftException interrupted() {
        return new LiftException("Preparing the passages for search failed: it was interrupted.");
    }

    /** The innermost message: what wraps it only says that something failed. */
    static String reason(Throwable thrown) {
        String reason = thrown.getClass().getSimpleName();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                reason = cause.getMessage();
            }
        }
        return reason.lines().findFirst().orElse(reason).strip();
    }

    /** Nonsense from a program, not from a person. */
    static void checkMost(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least 1 passage must be asked for, not " + most);
        }
    }
}
