package io.github.lift4j.server.work;

import io.github.lift4j.absorb.AbsorbSpeed;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.PeakMemory;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.Tenant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says how long jobs are going to take: as finished ones did here, those by the same recipe before others; before the first
 * has ended, by a short measurement. Any thread may ask; one at a time is attended to, since a document has to be read.
 */
public final class Estimates {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int JOBS = 50;

    /** Of newest jobs: what the machine was busy with long ago tells less. */
    private static final int JOBS_COUNTED = 5;

    private static final int MOST_COUNTED_FILES = 1_000;

    private final LanguageModel model;
    private final Store store;
    private final Uploads uploads;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Map<String, Long> tokens = new HashMap<>();
    private @Nullable AbsorbSpeed measured;

    public Estimates(LanguageModel model, Store store, Limits limits) {
        this.model = model;
        this.store = store;
        this.uploads = new Uploads(model, store, limits);
    }

    /**
     * How long a tenant's file takes by a recipe; empty where others are being attended to.
     *
     * @throws LiftException where the file cannot be absorbed
     */
    public Optional<Estimate> of(Tenant tenant, String file, Recipe recipe) {
        try {
            if (!lock.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The estimate was interrupted.");
        }
        try {
            return Optional.of(estimate(recipe, tokens(tenant, file)));
        } finally {
            lock.unlock();
        }
    }

    private long tokens(Tenant tenant, String file) {
        Long known = tokens.get(file);
        if (known != null) {
            return known;
        }
        if (tokens.size() == MOST_COUNTED_FILES) {
            tokens.clear();
        }
        try (Document document = uploads.open(tenant, file)) {
            long count = uploads.tokens(document);
            tokens.put(file, count);
            return count;
        }
    }

    private Estimate estimate(Recipe recipe, long tokens) {
        List<Double> seconds = asFinished(recipe, tokens);
        return seconds.isEmpty()
                ? new Estimate(recipe, tokens, measured().seconds(recipe, tokens), 0)
                : new Estimate(recipe, tokens, median(seconds), seconds.size());
    }

    /**
     * Seconds by each of the newest memories, of those by this recipe if there are any, ascending; whose they are does not
     * matter.
     */
    private List<Double> asFinished(Recipe recipe, long tokens) {
        List<Job> jobs = store.jobs().finishedOn(JobWorker.base(model), JOBS);
        List<Job> same =
                jobs.stream().filter(job -> job.recipe().equals(recipe.name())).toList();
        return (same.isEmpty() ? jobs : same)
                .stream()
                        .flatMap(job -> asFinished(job, recipe, tokens))
                        .limit(JOBS_COUNTED)
                        .sorted()
                        .toList();
    }

    private Stream<Double> asFinished(Job job, Recipe recipe, long tokens) {
        Path home = store.folder().memory(job.memory());
        try {
            return Memory.isIn(home)
                    ? Stream.of(AbsorbSpeed.seconds(Memory.open(home), recipe, tokens))
                    : Stream.empty();
        } catch (LiftException deleted) {
            // While it was read: there are others, or a measurement.
            return Stream.empty();
        }
    }

    private AbsorbSpeed measured() {
        AbsorbSpeed known = measured;
        if (known == null) {
            known = measure();
            measured = known;
        }
        return known;
    }

    private AbsorbSpeed measure() {
        try {
            return AbsorbSpeed.measure(model);
        } catch (RuntimeException | OutOfMemoryError e) {
            if (PeakMemory.ranOut(e)) {
                throw new LiftException(
                        "There is no memory free to measure how fast this machine is: ask again when a job has ended.",
                        e);
            }
            throw e;
        }
    }

    private static double median(List<Double> sorted) {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
