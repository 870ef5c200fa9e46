package io.github.lift4j.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file so that at every moment, a power cut included, its name stands for the whole old content or the whole
 * new one: under a temporary name in the same folder, forced to disk, then renamed.
 */
public final class AtomicFile {

    private AtomicFile() {}

    /** What is written. */
    @FunctionalInterface
    public interface Content {

        /** Writes everything; the stream may be closed or left open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** What is written without a stream between. */
    @FunctionalInterface
    public interface RawContent {

        /** Writes everything. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes a file, and makes its folder where there is none.
     *
     * @throws LiftException where it cannot be written (no space, no permission) or the thread is interrupted; the file is
     *     then as it was
     */
    public static void write(Path file, Content content) {
        write(file, true, channel -> content.writeTo(new Unclosed(channel)));
    }

    /** The same for content that writes to the file itself, in a folder that exists. */
    public static void writeRaw(Path file, RawContent content) {
        write(file, false, content);
    }

    private static void write(Path file, boolean makeFolder, RawContent content) {
        Path target = file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            if (makeFolder) {
                Files.createDirectories(target.resolveSibling("."));
            }
            try {
                writeForced(temporary, content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                forceFolder(target.resolveSibling("."));
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (ClosedByInterruptException e) {
            throw new LiftException("Writing " + file + " was interrupted; what was there before is untouched.", e);
        } catch (IOException e) {
            throw new LiftException(
                    "Could not write " + file + ": " + e.getMessage()
                            + "; free some space or choose another folder. What was there before is untouched.",
                    e);
        }
    }

    private static void writeForced(Path file, RawContent content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            channel.force(true);
        }
    }

    /** Makes the rename itself last. Windows has no such call for folders and does not need it. */
    private static void forceFolder(Path folder) throws IOException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** JSON writers close what they write to, before it could be forced to disk. */
    private static final class Unclosed extends OutputStream {

        private final OutputStream out;

        Unclosed(FileChannel channel) {
            this.out = Channels.newOutputStream(channel);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }
    }
}
