package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.hub.HubClient.FileFacts;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file into the cache: goes on where an earlier try stopped, checks the hash, renames. One thread runs it;
 * another may watch {@link #received()} and break off a connection that has gone silent.
 */
final class BlobDownload {

    private static final int BUFFER_BYTES = 1 << 16;

    private final HubClient client;
    private final ModelId id;
    private final String commit;
    private final FileFacts facts;
    private final Path blob;
    private final Path partial;

    private volatile long received;
    private volatile long lastByteNanos;
    private volatile boolean stopped;
    private volatile @Nullable InputStream connection;

    BlobDownload(HubClient client, ModelId id, String commit, FileFacts facts, Path blob) {
        this.client = client;
        this.id = id;
        this.commit = commit;
        this.facts = facts;
        this.blob = blob;
        // Not Python's "ETAG.incomplete": its lock does not keep us out, and two writers would spoil the file.
        this.partial = blob.resolveSibling(facts.etag() + ".lift4j.incomplete");
        this.received = Files.exists(blob) ? facts.size() : lengthOf(partial);
    }

    FileFacts facts() {
        return facts;
    }

    Path blob() {
        return blob;
    }

    /** The bytes that are here, of {@code facts().size()}. */
    long received() {
        return Math.min(received, facts.size());
    }

    /** Fetches what is missing; afterwards the blob is whole. */
    void run() throws HubFailure, InterruptedException {
        if (Files.exists(blob)) {
            return;
        }
        boolean resumed = lengthOf(partial) > 0;
        fetch();
        if (resumed && !isSound()) {
            discardPartial(); // What an earlier run left may be spoiled, by a power cut say: once more from the start.
            fetch();
        }
        if (!isSound()) {
            discardPartial();
            throw new HubFailure(
                    ("%s of %s arrived with another checksum than %s announced, and was thrown away: try again, and if"
                                    + " it happens again, check HF_ENDPOINT and any proxy")
                            .formatted(facts.path(), id.repository(), facts.etag()));
        }
        Disk.moveInto(partial, blob);
    }

    /** Breaks off a connection on which nothing has come for so long; {@link #run} then tries again. */
    void breakOffIfSilent(Duration limit) {
        if (System.nanoTime() - lastByteNanos > limit.toNanos()) {
            breakOff();
        }
    }

    /** Ends {@link #run} with an {@link InterruptedException}, from another thread. */
    void stop() {
        stopped = true;
        breakOff();
    }

    private void breakOff() {
        InputStream open = connection;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // The reading thread meets the same end and deals with it.
                connection = null;
            }
        }
    }

    private void fetch() throws HubFailure, InterruptedException {
        if (lengthOf(partial) > facts.size()) {
            discardPartial();
        }
        int failures = 0;
        long furthest = lengthOf(partial);
        while (lengthOf(partial) < facts.size() || !Files.exists(partial)) {
            try {
                receive(lengthOf(partial));
            } catch (IOException e) {
                if (stopped || Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                // Measured from the furthest ever: a server without ranges starts again each time.
                failures = lengthOf(partial) > furthest ? 1 : failures + 1;
                furthest = Math.max(furthest, lengthOf(partial));
                if (failures >= Patience.TRIES) {
                    throw client.brokenDownload(id, facts.path(), e);
                }
                Thread.sleep(client.patience().afterTry(failures));
            }
        }
    }

    private void receive(long offset) throws IOException, HubFailure, InterruptedException {
        HttpResponse<InputStream> response = client.open(id, commit, facts.path(), offset);
        try (InputStream body = response.body()) {
            lastByteNanos = System.nanoTime();
            connection = body;
            boolean continues = response.statusCode() == 206 && startOf(response) == offset;
            if (response.statusCode() != 200 && !continues) {
                discardPartial();
                throw new IOException("the server cannot go on from byte " + offset);
            }
            write(body, continues ? offset : 0);
        } finally {
            connection = null;
        }
        if (lengthOf(partial) < facts.size()) {
            throw new IOException("the connection ended early");
        }
    }

    /** Reads to the end, but not far past the size announced: a longer file is a wrong one. */
    private void write(InputStream body, long offset) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long length = offset;
        received = length;
        try (FileOutputStream out = openPartial(offset > 0)) {
            int count;
            while (length <= facts.size() && !stopped && (count = body.read(buffer)) >= 0) {
                store(out, buffer, count);
                length += count;
                received = length;
                lastByteNanos = System.nanoTime();
            }
            sync(out);
        }
    }

    private FileOutputStream openPartial(boolean append) {
        try {
            return new FileOutputStream(partial.toFile(), append);
        } catch (IOException e) {
            throw Disk.cannotWrite(partial, e);
        }
    }

    private void store(FileOutputStream out, byte[] buffer, int count) {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw Disk.cannotWrite(partial, e);
        }
    }

    private void sync(FileOutputStream out) {
        try {
            out.getFD().sync();
        } catch (IOException e) {
            throw Disk.cannotWrite(partial, e);
        }
    }

    private boolean isSound() {
        try {
            return lengthOf(partial) == facts.size() && Checksum.matches(partial, facts.etag());
        } catch (IOException e) {
            throw Disk.cannotWrite(partial, e);
        }
    }

    private void discardPartial() {
        try {
            Files.deleteIfExists(partial);
            received = 0;
        } catch (IOException e) {
            throw Disk.cannotWrite(partial, e);
        }
    }

    private static long startOf(HttpResponse<?> response) {
        String range = response.headers().firstValue("Content-Range").orElse("");
        String start = range.replaceFirst("^bytes (\\d{1,18})-.*$", "$1");
        return start.equals(range) ? -1 : Long.parseLong(start);
    }

    private static long lengthOf(Path file) {
        return file.toFile().length(); // 0 where there is none
    }
}
