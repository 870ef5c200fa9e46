package io.github.lift4j.server.store;

import io.github.lift4j.engine.LiftException;
import java.time.Duration;

/**
 * How much each tenant may keep and have done.
 *
 * @param fileBytes most of an uploaded file
 * @param files that may be kept
 * @param jobs that may wait or run
 * @param tokens most of a document to be absorbed
 * @param reading time that reading a document may take
 */
public record Limits(long fileBytes, int files, int jobs, long tokens, Duration reading) {

    /** Room for large books, many of them. */
    public static final Limits USUAL = new Limits(512L << 20, 1_000, 100, 2_000_000, Duration.ofMinutes(5));

    /** @throws LiftException where a limit leaves nothing */
    public Limits {
        if (fileBytes < 1 || files < 1 || jobs < 1 || tokens < 2 || reading.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new LiftException("A service needs room for a file of 1 byte, a job, 2 tokens and a second to read"
                    + " them, not for " + files + " files of " + fileBytes + " bytes, " + jobs + " jobs, " + tokens
                    + " tokens and " + reading.toSeconds() + " s.");
        }
    }
}
