package io.github.lift4j.exchange;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Where something new is written. What is there already is never written over, and a failure leaves nothing. */
final class Destination {

    private Destination() {}

    /** Writes a file, whose folder is made. */
    static void file(Path path, Consumer<Path> content) {
        if (Files.exists(path)) {
            throw occupied(path);
        }
        try {
            Files.createDirectories(path.toAbsolutePath().resolveSibling("."));
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        content.accept(path);
    }

    /** Writes a folder under a temporary name and then gives it its own. */
    static void folder(Path path, Consumer<Path> content) {
        Path target = path.toAbsolutePath().normalize();
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            if (Files.exists(target) && !isEmptyFolder(target)) {
                throw occupied(path);
            }
            Files.createDirectories(temporary);
            try {
                content.accept(temporary);
                Files.deleteIfExists(target);
                Files.move(temporary, target);
            } finally {
                delete(temporary);
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static boolean isEmptyFolder(Path path) throws IOException {
        try (Stream<Path> files = Files.isDirectory(path) ? Files.list(path) : Stream.of(path)) {
            return files.findAny().isEmpty();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> tree = Files.walk(folder)) {
                List<Path> innermostFirst =
                        tree.sorted(Comparator.reverseOrder()).toList();
                for (Path path : innermostFirst) {
                    Files.delete(path);
                }
            }
        }
    }

    private static LiftException occupied(Path path) {
        return new LiftException("There is something at " + path + " already: choose another --out.");
    }

    private static LiftException unwritable(Path path, IOException e) {
        return new LiftException(
                path + " cannot be written (" + e.getMessage() + "): check the permissions or choose another --out.",
                e);
    }
}
