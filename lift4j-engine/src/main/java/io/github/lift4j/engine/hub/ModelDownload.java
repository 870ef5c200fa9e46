package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.hub.HubClient.FileFacts;
import io.github.lift4j.engine.hub.HubClient.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Brings one model from the hub into the cache. A few files come at once; the calling thread reports progress and
 * breaks off connections that have gone silent.
 */
final class ModelDownload {

    private static final int PARALLEL = 4;
    private static final long REPORT_MILLIS = 200;

    private final HubClient client;
    private final HubCache cache;
    private final ModelId id;
    private final Progress progress;

    ModelDownload(HubClient client, HubCache cache, ModelId id, Progress progress) {
        this.client = client;
        this.cache = cache;
        this.id = id;
        this.progress = progress;
    }

    /** Returns the snapshot folder, or the GGUF file that the id names. */
    Path run() throws HubFailure, InterruptedException {
        Repository repository = client.repository(id);
        Optional<String> objection = objection(repository.files());
        if (objection.isPresent()) {
            throw new HubFailure(objection.get());
        }
        Disk.createFolder(cache.blobs(id));
        try (FileLock _ = FileLock.acquire(cache.lockFile(id), this::reportWaiting)) {
            if (id.file().isPresent()) {
                fetch(repository.commit(), List.of(id.file().get()), "Downloading " + id);
            } else {
                fetch(repository.commit(), ModelFiles.settings(repository.files()), "Downloading tokenizer of " + id);
                fetch(repository.commit(), weights(repository), "Downloading weights of " + id);
            }
            cache.point(id, repository.commit());
        }
        return cache.find(id, repository.commit())
                .orElseThrow(() -> new HubFailure("%s was downloaded but is not whole in %s: remove it and try again"
                        .formatted(id, cache.root())));
    }

    private Optional<String> objection(Collection<String> files) {
        if (id.file().isEmpty()) {
            return ModelFiles.objection(id, files);
        }
        String file = id.file().get();
        return files.contains(file)
                ? Optional.empty()
                : Optional.of("%s has no file %s on the hub: check its name".formatted(id.repository(), file));
    }

    private List<String> weights(Repository repository) throws HubFailure {
        List<String> weights = ModelFiles.weights(repository.files());
        if (!weights.isEmpty()) {
            return weights;
        }
        Path index = cache.snapshot(id, repository.commit()).resolve(ModelFiles.INDEX);
        try {
            return ModelFiles.shards(index);
        } catch (IOException e) {
            throw new HubFailure(
                    "%s is damaged (%s): remove the model and try again".formatted(index, e.getMessage()), e);
        }
    }

    private void reportWaiting() {
        progress.advance("Waiting for another download of " + id, 0, -1, "");
    }

    private void fetch(String commit, List<String> files, String activity) throws HubFailure, InterruptedException {
        Path snapshot = cache.snapshot(id, commit);
        List<String> missing = files.stream()
                .filter(file -> !Files.isRegularFile(snapshot.resolve(file)))
                .toList();
        List<BlobDownload> downloads = new ArrayList<>();
        ExecutorService pool =
                Executors.newFixedThreadPool(PARALLEL, Thread.ofVirtual().factory());
        try {
            for (FileFacts facts : facts(pool, commit, missing)) {
                Path blob = cache.blobs(id).resolve(facts.etag());
                downloads.add(new BlobDownload(client, id, commit, facts, blob));
            }
            requireSpace(downloads);
            fetch(pool, downloads, activity, snapshot);
        } finally {
            pool.shutdownNow();
            downloads.forEach(BlobDownload::stop);
            pool.close(); // Nothing may write any more when the lock is given back.
        }
    }

    private List<FileFacts> facts(ExecutorService pool, String commit, List<String> files)
            throws HubFailure, InterruptedException {
        List<Callable<FileFacts>> questions = new ArrayList<>();
        files.forEach(file -> questions.add(() -> client.facts(id, commit, file)));
        List<FileFacts> facts = new ArrayList<>();
        for (Future<FileFacts> answer : pool.invokeAll(questions)) {
            facts.add(result(answer));
        }
        return facts;
    }

    private void requireSpace(List<BlobDownload> downloads) {
        long bytes = downloads.stream()
                .mapToLong(download -> download.facts().size() - download.received())
                .sum();
        Disk.requireSpace(cache.blobs(id), bytes, id.toString());
    }

    private void fetch(ExecutorService pool, List<BlobDownload> downloads, String activity, Path snapshot)
            throws HubFailure, InterruptedException {
        CompletionService<Void> running = new ExecutorCompletionService<>(pool);
        for (BlobDownload download : downloads) {
            running.submit(() -> {
                download.run();
                Disk.link(snapshot.resolve(download.facts().path()), download.blob());
                return null;
            });
        }
        Rate rate = new Rate(downloads);
        for (int open = downloads.size(); open > 0; ) {
            Future<Void> done = running.poll(REPORT_MILLIS, TimeUnit.MILLISECONDS);
            if (done != null) {
                result(done);
                open--;
            }
            downloads.forEach(download -> download.breakOffIfSilent(client.idleTimeout()));
            rate.report(activity, progress);
        }
    }

    private static <T> T result(Future<T> done) throws HubFailure, InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case HubFailure failure -> throw failure;
                case InterruptedException interruption -> throw interruption;
                case RuntimeException defect -> throw defect;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Bytes so far, and how fast they come. */
    private record Rate(List<BlobDownload> downloads, long startNanos, long startBytes) {

        Rate(List<BlobDownload> downloads) {
            this(downloads, System.nanoTime(), received(downloads));
        }

        void report(String activity, Progress progress) {
            long received = received(downloads);
            long total = downloads.stream()
                    .mapToLong(download -> download.facts().size())
                    .sum();
            double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
            String detail = String.format(
                    Locale.ROOT,
                    "%s of %s, %.1f MB/s",
                    Disk.megabytes(received),
                    Disk.megabytes(total),
                    (received - startBytes) / 1e6 / seconds);
            progress.advance(activity, received, total, detail);
        }

        private static long received(List<BlobDownload> downloads) {
            return downloads.stream().mapToLong(BlobDownload::received).sum();
        }
    }
}
