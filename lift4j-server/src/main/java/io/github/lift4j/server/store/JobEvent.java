package io.github.lift4j.server.store;

import java.util.Optional;

/**
 * Something that happened to a job.
 *
 * @param level {@code info}, {@code warn} or {@code error}
 * @param data what was measured, as a JSON object; empty for what is only said
 * @param createdAt seconds since 1970
 */
public record JobEvent(String id, String level, String message, Optional<String> data, long createdAt) {}
