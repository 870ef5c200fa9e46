package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps two downloads of one model apart, in two processes or in one. The system frees the lock of a process that dies.
 * The file stays: to delete it would let a third process lock another file of the same name.
 */
final class FileLock implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final FileChannel channel;

    private FileLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits until the lock is free and takes it; {@code onWait} runs whenever it was found taken. */
    static FileLock acquire(Path file, Runnable onWait) throws InterruptedException {
        FileChannel channel = null;
        try {
            Files.createDirectories(Disk.folderOf(file));
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            while (!tryLock(channel)) {
                onWait.run();
                Thread.sleep(POLL_MILLIS);
            }
            FileLock lock = new FileLock(channel);
            channel = null;
            return lock;
        } catch (IOException e) {
            throw Disk.cannotWrite(file, e);
        } finally {
            closeUnlocked(channel);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // Another thread of this process has it.
        }
    }

    private static void closeUnlocked(@Nullable FileChannel channel) {
        if (channel != null) {
            close(channel);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LiftException("A lock file could not be closed (%s): try again.".formatted(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        close(channel);
    }
}
