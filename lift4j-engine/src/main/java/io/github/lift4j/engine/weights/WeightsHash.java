package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.LiftException;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The hash by which a memory knows its base model again: SHA-256 over every byte of the weight files.
 *
 * <p>Of a single file it is the file's plain SHA-256, the value that the hub shows for it. Of a sharded checkpoint it
 * is the SHA-256 of the shards' digests in the order of the shards' names. The shards are hashed in parallel; nothing
 * is sampled and nothing cached on disk, so equal hashes mean equal weights.
 */
final class WeightsHash {

    private WeightsHash() {}

    static String of(List<MappedFile> files) {
        if (files.size() == 1) {
            return HexFormat.of().formatHex(files.getFirst().sha256());
        }
        List<MappedFile> ordered = files.stream()
                .sorted(Comparator.comparing(file -> String.valueOf(file.path().getFileName())))
                .toList();
        MessageDigest digest = MappedFile.newSha256();
        for (byte[] shard : digests(ordered)) {
            digest.update(shard);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<byte[]> digests(List<MappedFile> files) {
        int threads = Math.min(files.size(), Runtime.getRuntime().availableProcessors());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<byte[]>> digests =
                    files.stream().map(file -> pool.submit(file::sha256)).toList();
            try {
                return digests.stream().map(WeightsHash::await).toList();
            } catch (LiftException e) {
                pool.shutdownNow();
                throw e;
            }
        }
    }

    private static byte[] await(Future<byte[]> digest) {
        try {
            // A future that is done answers an interrupted thread too; small shards are done before they are asked.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return digest.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LiftException("Hashing the model's weights was interrupted.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LiftException cause) {
                throw cause;
            }
            throw new IllegalStateException("Hashing failed", e.getCause());
        }
    }
}
