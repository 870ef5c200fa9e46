package io.github.lift4j.sft;

import io.github.lift4j.absorb.JointBatches.Batch;
import io.github.lift4j.engine.LiftException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** The batches of an epoch's visits, in their order. Belongs to one thread; close it. */
final class Visits implements AutoCloseable {

    private final IntFunction<Batch> visit;
    private final Optional<ExecutorService> reader;
    private final int count;
    private final Deque<Future<Batch>> coming = new ArrayDeque<>();
    private int next;

    private Visits(IntFunction<Batch> visit, Optional<ExecutorService> reader, int count) {
        this.visit = visit;
        this.reader = reader;
        this.count = count;
    }

    /** Makes each batch when it is asked for. */
    static Visits of(IntFunction<Batch> visit) {
        return new Visits(visit, Optional.empty(), 0);
    }

    /** Makes the next batches while the last one is trained, each on one of some threads. */
    static Visits readAhead(IntFunction<Batch> visit, int count, int threads) {
        ExecutorService reader = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("lift-visits-", 0).factory());
        Visits visits = new Visits(visit, Optional.of(reader), count);
        for (int i = 0; i < threads; i++) {
            visits.read(reader);
        }
        return visits;
    }

    private void read(ExecutorService reader) {
        if (next < count) {
            int number = next++;
            coming.add(reader.submit(() -> visit.apply(number)));
        }
    }

    /**
     * The batch of the next visit.
     *
     * @throws LiftException where it cannot be made
     * @throws CancellationException where the thread is interrupted meanwhile
     */
    Batch next() {
        if (reader.isEmpty()) {
            return visit.apply(next++);
        }
        Batch batch = await(coming.remove());
        read(reader.get());
        return batch;
    }

    private static Batch await(Future<Batch> coming) {
        try {
            return coming.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for a document");
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case LiftException told -> new LiftException(String.valueOf(told.getMessage()), told);
                case null, default -> new IllegalStateException("a document could not be read", e);
            };
        }
    }

    /** Waits for batches that are being made, so that nobody writes into the documents' folders any more. */
    @Override
    public void close() {
        reader.ifPresent(ExecutorService::close);
    }
}
