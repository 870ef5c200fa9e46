package io.github.lift4j.server.store;

import java.util.List;
import java.util.Locale;

/** Where a job stands; in OpenAI's words, and {@code paused}. */
public enum JobStatus {
    QUEUED,
    RUNNING,
    PAUSED,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    /** Those that may still change. */
    static List<JobStatus> open() {
        return List.of(QUEUED, RUNNING, PAUSED);
    }

    /** As callers read it, and the database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static JobStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
