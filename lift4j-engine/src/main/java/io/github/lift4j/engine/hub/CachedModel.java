package io.github.lift4j.engine.hub;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A model that lies on this machine.
 *
 * @param id what {@link ModelHub#resolve} and {@link ModelHub#remove} take: {@code owner/name},
 *     {@code owner/name/file.gguf}, or the name of a file that lift4j keeps itself
 * @param revision the branch or tag that points to the commit, else the commit; empty for a file of lift4j's own
 * @param commit the hub's commit; empty for a file of lift4j's own
 * @param path the folder or the {@code .gguf} file
 * @param bytes its size on disk; what revisions share is counted for each
 * @param lastUsed when one of its files was last read, as far as the file system keeps that
 * @param complete whether nothing that a model needs is missing
 */
public record CachedModel(
        String id, String revision, String commit, Path path, long bytes, Instant lastUsed, boolean complete) {}
