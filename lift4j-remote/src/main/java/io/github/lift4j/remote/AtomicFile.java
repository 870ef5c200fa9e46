package io.github.lift4j.remote;

import io.github.lift4j.engine.LiftException;
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

/** Writes a file whole or not at all: under a temporary name in the same folder, forced to disk, then renamed. */
final class AtomicFile {

    private AtomicFile() {}

    interface Content {
        /** Writes everything; the stream may be closed or left open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Makes the folder too, where there is none. */
    static void write(Path file, Content content) {
        Path target = file.toAbsolutePath();
        Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(target.resolveSibling("."));
            try {
                writeForced(temporary, content);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

    private static void writeForced(Path file, Content content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(new Unclosed(channel));
            channel.force(true);
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
