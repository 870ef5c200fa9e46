package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A read-only view of a whole file, mapped so that only what is read is loaded. The owner closes it; reading from
 * several threads at once is fine.
 *
 * <p>Memory is only ever touched by the JVM's own copies, not by native code: should another program cut the file short
 * meanwhile, the JVM reports a fault that becomes a {@link LiftException}, where libtorch would take the process down.
 */
final class MappedFile implements AutoCloseable {

    private static final int DIGEST_BYTES = 1 << 20;

    private final Path path;
    private final Arena arena;
    private final MemorySegment memory;

    private MappedFile(Path path, Arena arena, MemorySegment memory) {
        this.path = path;
        this.arena = arena;
        this.memory = memory;
    }

    static MappedFile open(Path path) {
        if (!Files.exists(path)) {
            throw new LiftException("There is no file " + path + "; check the path or download the model again.");
        }
        if (!Files.isRegularFile(path)) {
            throw new LiftException(path + " is not a file; give the path of a weight file.");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            arena.close();
            throw unreadable(path, e);
        }
    }

    static LiftException unreadable(Path path, IOException cause) {
        return switch (cause) {
            case ClosedByInterruptException _ -> new LiftException("Reading " + path + " was interrupted.", cause);
            case AccessDeniedException _ ->
                new LiftException(path + " may not be read by this user; change its permissions.", cause);
            default -> new LiftException("Could not read " + path + ": " + cause.getMessage() + ".", cause);
        };
    }

    Path path() {
        return path;
    }

    long size() {
        return memory.byteSize();
    }

    /** The bytes {@code [offset, offset + target.byteSize())}, which the caller has checked to lie within the file. */
    void copyTo(long offset, MemorySegment target) {
        guarded(() -> MemorySegment.copy(memory, offset, target, 0, target.byteSize()));
    }

    /** The same into the first {@code count} bytes of an array. */
    void copyTo(long offset, byte[] target, int count) {
        guarded(() -> MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, target, 0, count));
    }

    private void guarded(Runnable copy) {
        try {
            copy.run();
            // Compiled code learns of the fault at its next safepoint only, which may lie behind this block. Coming
            // back from a native method is one; this is the cheapest that has no effect of its own.
            Thread.holdsLock(this);
        } catch (InternalError e) { // what the JVM makes of a SIGBUS in its own copies
            throw new LiftException(path + " changed while it was read; close what writes to it and try again.", e);
        }
    }

    /**
     * SHA-256 of the file's bytes.
     *
     * @throws LiftException where the thread was interrupted meanwhile
     */
    byte[] sha256() {
        MessageDigest digest = newSha256();
        byte[] chunk = new byte[DIGEST_BYTES];
        for (long offset = 0; offset < size(); offset += chunk.length) {
            if (Thread.currentThread().isInterrupted()) {
                throw new LiftException("Hashing " + path + " was interrupted.");
            }
            int count = (int) Math.min(chunk.length, size() - offset);
            copyTo(offset, chunk, count);
            digest.update(chunk, 0, count);
        }
        return digest.digest();
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
