package io.github.lift4j.server.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A document to be absorbed.
 *
 * @param model the base, as callers name it
 * @param file the id of the uploaded document
 * @param memory the name of the memory it becomes
 * @param recipe its name
 * @param metadata the caller's own, as a JSON object
 * @param createdAt seconds since 1970
 * @param finishedAt likewise; empty before its end
 * @param trainedTokens empty before its end
 * @param error why it failed, if it did
 */
public record Job(
        String id,
        Tenant tenant,
        JobStatus status,
        String model,
        String file,
        String memory,
        String recipe,
        long seed,
        String metadata,
        long createdAt,
        Optional<Long> finishedAt,
        Optional<Long> trainedTokens,
        Optional<Failure> error) {

    /**
     * Why a job failed.
     *
     * @param code for programs
     * @param message for people
     */
    public record Failure(String code, String message) {}

    /**
     * What a caller asks for.
     *
     * @param base weights and data type of the model: with others what was begun could not be gone on with
     * @param suffix what the memory's name begins with; empty for {@code memory}
     */
    public record Wish(
            String model,
            String base,
            String file,
            Optional<String> suffix,
            String recipe,
            long seed,
            String metadata) {}

    static Optional<Long> seconds(@Nullable Object column) {
        return column instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }
}
