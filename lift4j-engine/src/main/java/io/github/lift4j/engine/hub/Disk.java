package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.LiftException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What can go wrong on the disk, and how files are put in place so that a kill leaves no half of one. */
final class Disk {

    private Disk() {}

    static LiftException cannotWrite(Path file, IOException cause) {
        String reason = cause instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : cause.getClass().getSimpleName() + " " + cause.getMessage();
        return new LiftException(
                ("%s cannot be written (%s): free or make writable that place, or name another by HF_HOME"
                                + " (hub models) or LIFT4J_HOME (the default model).")
                        .formatted(file, reason),
                cause);
    }

    /** Refuses a download for which there is no room, before it fills the disk. */
    static void requireSpace(Path folder, long bytes, String what) {
        long usable;
        try {
            usable = Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
        if (usable < bytes) {
            throw new LiftException(
                    ("%s needs %s in %s, where %s are free: free some space, or name another place by HF_HOME"
                                    + " (hub models) or LIFT4J_HOME (the default model).")
                            .formatted(what, megabytes(bytes), folder, megabytes(usable)));
        }
    }

    static Path folderOf(Path file) {
        return Objects.requireNonNull(file.getParent(), () -> file + " is not in a folder");
    }

    static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    /** Writes a small text to its place, whole or not at all, by way of a temporary file in {@code workFolder}. */
    static void writeAtomically(Path file, String text, Path workFolder) {
        createFolder(folderOf(file));
        try {
            Path temporary = workFolder.resolve("." + UUID.randomUUID() + ".incomplete");
            try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
                out.getFD().sync();
            }
            moveInto(temporary, file);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        }
    }

    /** Renames within one folder, over what may be there. */
    static void moveInto(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(to, e);
        }
    }

    /**
     * Makes a relative symbolic link, or, where the system has none (Windows without the right to), puts the file
     * itself there, as the Python client does.
     */
    static void link(Path link, Path target) {
        if (Files.exists(link)) {
            return;
        }
        createFolder(folderOf(link));
        try {
            Files.deleteIfExists(link); // If it is there after all, it points to a blob that is gone.
            Files.createSymbolicLink(link, folderOf(link).relativize(target));
        } catch (FileAlreadyExistsException e) {
            return; // Another program linked the same blob meanwhile: a commit's files never change.
        } catch (UnsupportedOperationException | FileSystemException e) {
            moveInto(target, link);
        } catch (IOException e) {
            throw cannotWrite(link, e);
        }
    }

    /** Deletes a folder and all in it, following no link; what another process deleted meanwhile is no error. */
    static void deleteTree(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw cannotWrite(folder, e);
        }
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }
}
