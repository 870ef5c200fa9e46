package io.github.lift4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a command puts what it makes: the folder that was named, which stays, or one of its own, which is deleted with all
 * that is in it when the command ends.
 */
record WorkFolder(Path path, boolean temporary) implements AutoCloseable {

    static WorkFolder of(@Nullable Path named) throws IOException {
        return Optional.ofNullable(named).isPresent()
                ? new WorkFolder(Files.createDirectories(named), false)
                : new WorkFolder(Files.createTempDirectory("lift4j-"), true);
    }

    @Override
    public void close() throws IOException {
        if (!temporary) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
