package io.github.lift4j.document;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The token ids of a document, in a file: 32-bit little-endian integers and nothing else ({@code numpy.fromfile(path,
 * "<i4")} reads it). It is written while the document is tokenised and read through a memory mapping, so a document of
 * ten million tokens costs the heap nothing but the slices in use.
 *
 * <p>Once open it may be read by several threads at once. Closing it while another thread reads makes that thread fail
 * with {@link IllegalStateException}. The file must not be shortened while it is open.
 */
public final class TokenFile implements AutoCloseable {

    private static final ValueLayout.OfInt ID = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final Arena arena;
    private final MemorySegment ids;

    private TokenFile(Path file, Arena arena, MemorySegment ids) {
        this.file = file;
        this.arena = arena;
        this.ids = ids;
    }

    /**
     * Begins a file. The ids go to {@code <name>.partial} beside it; the file itself appears, whole, at
     * {@link Writer#finish()}. What a killed process left under the temporary name is written over. One writer at a
     * time.
     */
    public static Writer create(Path file) {
        return Writer.begin(file.toAbsolutePath());
    }

    /**
     * Opens a finished file.
     *
     * @throws LiftException where it cannot be read, or its size is not a whole number of ids
     */
    public static TokenFile open(Path file) {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = channel.size();
            if (bytes % Integer.BYTES != 0) {
                throw new LiftException("The token file \"" + file + "\" is damaged (" + bytes
                        + " bytes is not a whole number of 4-byte ids): absorb the document again.");
            }
            return new TokenFile(file, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena));
        } catch (IOException e) {
            arena.close();
            throw new LiftException(
                    "The token file \"" + file + "\" cannot be read: " + DocumentOpener.reason(e) + ".", e);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Opens a finished file whose length is known from elsewhere, so that a file cut off between two ids is noticed
     * too.
     *
     * @param tokens how many ids it must hold
     */
    public static TokenFile open(Path file, long tokens) {
        TokenFile opened = open(file);
        if (opened.length() != tokens) {
            opened.close();
            throw new LiftException("The token file \"" + file + "\" is damaged (it holds " + opened.length()
                    + " tokens instead of " + tokens + "): absorb the document again.");
        }
        return opened;
    }

    /** How many ids there are. */
    public long length() {
        return ids.byteSize() / Integer.BYTES;
    }

    /**
     * Copies ids out.
     *
     * @param start index of the first, counted from 0
     * @param length how many; {@code start + length <= length()}
     * @return {@code [length]} ids
     * @throws LiftException where a negative id shows that the file is damaged
     */
    public int[] slice(long start, int length) {
        Objects.checkFromIndexSize(start, length, length());
        int[] slice = new int[length];
        MemorySegment.copy(ids, ID, start * Integer.BYTES, slice, 0, length);
        for (int i = 0; i < length; i++) {
            if (slice[i] < 0) {
                throw new LiftException("The token file \"" + file + "\" is damaged (token " + (start + i) + " is "
                        + slice[i] + "): absorb the document again.");
            }
        }
        return slice;
    }

    /** The first {@code n} ids, or all where there are fewer. */
    public int[] head(int n) {
        return slice(0, (int) Math.min(n, length()));
    }

    /** The last {@code n} ids, or all where there are fewer. */
    public int[] tail(int n) {
        int count = (int) Math.min(n, length());
        return slice(length() - count, count);
    }

    /** Gives the mapping back; the file stays. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    /** Appends ids to a file that does not exist yet. Closed before it is finished, it leaves nothing behind. */
    public static final class Writer implements AutoCloseable {

        private final Path file;
        private final Path temporary;
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        private long length;

        private Writer(Path file, Path temporary, FileChannel channel) {
            this.file = file;
            this.temporary = temporary;
            this.channel = channel;
        }

        private static Writer begin(Path file) {
            Path folder = Objects.requireNonNull(file.getParent(), "a token file is not a root folder");
            Path temporary = folder.resolve(file.getFileName() + ".partial");
            try {
                return new Writer(
                        file,
                        temporary,
                        FileChannel.open(
                                temporary,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING));
            } catch (IOException e) {
                throw unwritable(file, e);
            }
        }

        /** Appends one id, {@code 0 <= id}. */
        public void append(int id) {
            if (id < 0) {
                throw new IllegalArgumentException("a token id is not negative: " + id);
            }
            if (!buffer.hasRemaining()) {
                drain();
            }
            buffer.putInt(id);
            length++;
        }

        /** Appends {@code [n]} ids. */
        public void append(int[] ids) {
            for (int id : ids) {
                append(id);
            }
        }

        /** How many ids were appended so far. */
        public long length() {
            return length;
        }

        /** Makes the ids durable, gives the file its name, and opens it. */
        public TokenFile finish() {
            drain();
            try {
                channel.force(true);
                channel.close();
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw unwritable(file, e);
            }
            return open(file, length);
        }

        /** Throws away what was not finished. */
        @Override
        public void close() {
            try {
                channel.close();
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                throw unwritable(file, e);
            }
        }

        private void drain() {
            buffer.flip();
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw unwritable(file, e);
            }
            buffer.clear();
        }

        private static LiftException unwritable(Path file, IOException e) {
            return new LiftException(
                    "The token file \"" + file + "\" cannot be written: " + DocumentOpener.reason(e) + ".", e);
        }
    }
}
