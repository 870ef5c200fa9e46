package io.github.lift4j.evaluation.run;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.AdapterPool;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.adapter.PooledAdapter;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.ContinuousBatch;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * How fast texts by several memories are written, in tokens a second of all together, best of some repetitions; reading their
 * beginnings is not counted.
 *
 * @param together in one batch, in which each text is by its own memory's adapter
 * @param byTurns a batch for each memory, one after the other
 */
public record MemoriesSpeed(double together, double byTurns) {

    private static final int BEGINNING = 32;
    /** Until the caches have their size and a GPU's steps are recorded. */
    private static final int WARM_UP = 8;

    private static final int STEPS = 48;

    /**
     * Measures with random adapters on all linear layers.
     *
     * @param memories at least 1
     * @param texts of all memories together, at least one each
     * @param rank of each adapter, at least 1
     * @param repeat how often, at least 1
     */
    public static MemoriesSpeed measure(Transformer model, int memories, int texts, int rank, int repeat) {
        if (memories < 1 || texts < memories || rank < 1 || repeat < 1) {
            throw new LiftException("Nothing can be measured with " + memories + " memories of rank " + rank + ", "
                    + texts + " texts and " + repeat
                    + " repetitions: give at least one memory, a text for each, and a rank from 1 on.");
        }
        try (Memories several = new Memories(model, memories, rank)) {
            double together = 0;
            double byTurns = 0;
            for (int i = 0; i < repeat; i++) {
                together = Math.max(together, several.rate(List.of(several.windows), texts));
                byTurns = Math.max(
                        byTurns,
                        several.rate(several.windows.stream().map(List::of).toList(), texts));
            }
            return new MemoriesSpeed(together, byTurns);
        }
    }

    /** Adapters, and an empty window for each. */
    private static final class Memories implements AutoCloseable {

        private final Transformer model;
        private final AdapterPool pool;
        private final List<PooledAdapter> adapters = new ArrayList<>();
        private final List<Context> windows = new ArrayList<>();

        Memories(Transformer model, int count, int rank) {
            this.model = model;
            this.pool = new AdapterPool(model);
            for (int i = 0; i < count; i++) {
                LoraSettings settings = LoraSettings.allLinear(rank, 2.0 * rank);
                adapters.add(PooledAdapter.of(LoraAdapter.create(model, settings, new SplittableRandom(i)), model));
                pool.add(adapters.getLast());
                windows.add(new Context(model, adapters.getLast()));
            }
        }

        /** @param batches whose texts each consists of, by turns */
        double rate(List<List<Context>> batches, int texts) {
            List<ContinuousBatch> writing = new ArrayList<>();
            try {
                for (List<Context> own : batches) {
                    ContinuousBatch batch = ContinuousBatch.mixed(model, pool.rows(), Set.of());
                    writing.add(batch);
                    for (int i = 0; i < texts / batches.size(); i++) {
                        batch.join(text(model, i), own.get(i % own.size()));
                    }
                }
                write(writing, WARM_UP);
                long start = System.nanoTime();
                write(writing, STEPS);
                int all = writing.stream().mapToInt(ContinuousBatch::size).sum();
                return all * STEPS / ((System.nanoTime() - start) / 1e9);
            } finally {
                writing.forEach(ContinuousBatch::close);
            }
        }

        @Override
        public void close() {
            windows.forEach(Context::close);
            adapters.forEach(PooledAdapter::close);
            pool.close();
        }
    }

    private static void write(List<ContinuousBatch> batches, int steps) {
        for (int i = 0; i < steps; i++) {
            batches.forEach(ContinuousBatch::step);
        }
    }

    private static ContinuousBatch.Text text(Transformer model, int seed) {
        int[] beginning = new SplittableRandom(seed)
                .ints(BEGINNING, 0, model.config().vocabulary())
                .toArray();
        return new ContinuousBatch.Text(beginning, Sampling.GREEDY, WARM_UP + STEPS + 1, id -> true);
    }
}
