package io.github.lift4j.server.store;

import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything a service keeps. One process at a time has it; the lock goes with the process, however
 * it ends.
 */
public final class DataFolder implements AutoCloseable {

    private static final String DTYPE = "dtype";

    private final Path root;
    private final FileChannel lock;

    private DataFolder(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Takes the folder, makes what is not there yet, and throws away what was half-received when a process ended.
     *
     * @throws LiftException where it cannot be written, or another process has it
     */
    public static DataFolder open(Path root) {
        make(root);
        try {
            FileChannel channel =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(channel) == null) {
                channel.close();
                throw new LiftException("The data folder " + root + " is used by another lift serve: stop that one, or"
                        + " name another folder with --data.");
            }
            DataFolder folder = new DataFolder(root, channel);
            delete(folder.temporary());
            list(root).stream()
                    .filter(path -> path.getFileName().toString().startsWith("." + DTYPE))
                    .forEach(DataFolder::delete);
            for (Path part : List.of(folder.temporary(), folder.files(), folder.memories())) {
                Files.createDirectories(part);
            }
            return folder;
        } catch (IOException e) {
            throw unmade(root, e);
        }
    }

    static void make(Path root) {
        try {
            if (Files.notExists(root)) {
                Files.createDirectories(root);
                if (root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    // Strangers' documents: other users of the machine are not to read them.
                    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
                }
            }
        } catch (IOException e) {
            throw unmade(root, e);
        }
    }

    private static LiftException unmade(Path root, IOException e) {
        return new LiftException(
                "The data folder " + root + " cannot be made or written (" + e.getMessage()
                        + "): name one that you may write to with --data.",
                e);
    }

    private static @Nullable FileLock locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            // Java says it in two ways; to the caller it is one.
            return null;
        }
    }

    /** The data type in which a folder's work was done last, by its name; empty for a new folder. */
    public static Optional<String> dtype(Path root) {
        try {
            Path file = root.resolve(DTYPE);
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw unwritable(root, e);
        }
    }

    /** Keeps the data type for the next start, where measuring which is faster might come out otherwise. */
    public void keepDtype(String dtype) {
        AtomicFile.write(root.resolve(DTYPE), out -> out.write(dtype.getBytes(StandardCharsets.UTF_8)));
    }

    /** What is being received; empty after a start. */
    public Path temporary() {
        return root.resolve("tmp");
    }

    /** The memory of that name, finished or not. */
    public Path memory(String name) {
        return memories().resolve(name);
    }

    /** The folders of all memories, finished or not. */
    public List<Path> memoryFolders() {
        return list(memories());
    }

    Path files() {
        return root.resolve("files");
    }

    private Path memories() {
        return root.resolve("memories");
    }

    Path database() {
        return database(root);
    }

    static Path database(Path root) {
        return root.resolve("lift.db");
    }

    static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    /** Deletes a folder with all that is in it, if it is there. */
    public static void delete(Path folder) {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    private static LiftException unwritable(Path folder, IOException e) {
        return new LiftException(
                folder + " in the data folder cannot be read or deleted (" + e.getMessage()
                        + "): check the disk and the permissions.",
                e);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw unwritable(root, e);
        }
    }
}
