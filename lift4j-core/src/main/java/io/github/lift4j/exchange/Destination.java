package io.github.lift4j.exchange;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where something new is written: nothing is ever written over. */
final class Destination {

    private Destination() {}

    /** Makes an empty folder. */
    static void folder(Path path) {
        if (Files.exists(path) && !isEmptyFolder(path)) {
            throw occupied(path);
        }
        create(path);
    }

    /** Makes the folder for a new file. */
    static void file(Path path) {
        if (Files.exists(path)) {
            throw occupied(path);
        }
        create(path.toAbsolutePath().resolveSibling("."));
    }

    private static boolean isEmptyFolder(Path path) {
        try (Stream<Path> files = Files.isDirectory(path) ? Files.list(path) : Stream.of(path)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new LiftException(path + " cannot be read: check its permissions or choose another --out.", e);
        }
    }

    private static void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LiftException(
                    "The folder " + folder + " cannot be made: check the permissions or choose another --out.", e);
        }
    }

    private static LiftException occupied(Path path) {
        return new LiftException("There is something at " + path + " already: choose another --out.");
    }
}
