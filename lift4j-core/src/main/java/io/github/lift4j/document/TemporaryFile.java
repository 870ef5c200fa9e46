package io.github.lift4j.document;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file for what has no place of its own, readable by its owner only. */
record TemporaryFile(Path path) {

    static TemporaryFile create(Path folder) {
        try {
            return new TemporaryFile(Files.createTempFile(folder, "lift4j-", ".txt"));
        } catch (IOException e) {
            throw new LiftException(
                    "No temporary file could be made in \"" + folder + "\": " + DocumentOpener.reason(e) + ".", e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new LiftException(
                    "The temporary file \"" + path + "\" could not be deleted: " + DocumentOpener.reason(e) + ".", e);
        }
    }
}
