package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.NativeScope;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.KeyValueCache;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Many texts that go on from one prefix, read and written side by side: a processor or GPU then reads each weight once
 * for all of them, and the prefix is neither read nor kept twice. Shorter ones are padded in front, so that all end
 * together; what is padding is hidden from attention and takes no position.
 */
record Continuations(Transformer model, Adaptation adaptation, KeyValueCache prefix) {

    /** Bytes that the scores of one layer and the keys of all may take. */
    private static final long PROCESSOR_BYTES = 400L << 20;

    private static final long GPU_BYTES = 6L << 30;

    /** Below this share of rows that still write, the others are dropped from the batch. */
    private static final double SPARSE = 0.75;

    /**
     * Writes on from each suffix, at least one token long.
     *
     * @param prefixIds the tokens of the prefix
     * @param seeds one a suffix
     * @param topChoices how many of the likeliest tokens to note at each position, 0 for none
     */
    List<Written> write(
            int[] prefixIds,
            List<int[]> suffixes,
            Sampling sampling,
            List<Long> seeds,
            Set<Integer> stops,
            int limit,
            int topChoices) {
        Written[] written = new Written[suffixes.size()];
        inBatches(suffixes.stream().mapToInt(s -> s.length).toArray(), limit, (rows, width) -> {
            List<int[]> own = IntStream.of(rows).mapToObj(suffixes::get).toList();
            List<Long> ownSeeds = IntStream.of(rows).mapToObj(seeds::get).toList();
            try (KeyValueCache cache = prefix.branch(padding(own, width))) {
                Batch batch = new Batch(prefixIds, own, sampling, ownSeeds, stops, limit, topChoices);
                List<Written> texts = batch.write(this, cache, padded(own, width), width);
                for (int i = 0; i < rows.length; i++) {
                    written[rows[i]] = texts.get(i);
                }
            }
        });
        return List.of(written);
    }

    /** Negative log-likelihoods in nats of each continuation's tokens behind its suffix, which has at least one token. */
    List<double[]> score(List<int[]> suffixes, List<int[]> continuations) {
        List<int[]> whole = IntStream.range(0, suffixes.size())
                .mapToObj(i -> joined(suffixes.get(i), continuations.get(i)))
                .toList();
        double[][] scores = new double[suffixes.size()][];
        read(whole, (rows, hidden) -> {
            for (int i = 0; i < rows.length; i++) {
                scores[rows[i]] = tailScores(hidden.select(0, i), continuations.get(rows[i]));
            }
        });
        return Arrays.asList(scores);
    }

    /** Log-probability of one token less that of another right behind each suffix, in nats. */
    double[] odds(List<int[]> suffixes, int token, int other) {
        double[] odds = new double[suffixes.size()];
        read(suffixes, (rows, hidden) -> {
            Tensor last = hidden.select(1, hidden.size(1) - 1);
            float[] logits = NativeFloats.of(model.logits(last, new int[] {token, other}, adaptation));
            for (int i = 0; i < rows.length; i++) {
                // What all tokens' probabilities are divided by is the same for both.
                odds[rows[i]] = (double) logits[2 * i] - logits[2 * i + 1];
            }
        });
        return odds;
    }

    /** Reads texts behind the prefix: hands over which they are and their states, {@code [rows, width, hidden]}, by batches. */
    private void read(List<int[]> texts, BiConsumer<int[], Tensor> states) {
        inBatches(texts.stream().mapToInt(text -> text.length).toArray(), 0, (rows, width) -> {
            List<int[]> own = IntStream.of(rows).mapToObj(texts::get).toList();
            try (KeyValueCache cache = prefix.branch(padding(own, width));
                    PointerScope scope = new PointerScope();
                    AutoGradMode off = new AutoGradMode(false)) {
                states.accept(rows, model.hidden(model.ids(padded(own, width), width), cache, adaptation));
            }
        });
    }

    /** {@code hidden [width, hidden]} of a row that ends in the continuation. */
    private double[] tailScores(Tensor hidden, int[] continuation) {
        try (PointerScope scope = new PointerScope()) {
            int n = continuation.length;
            Tensor before = hidden.narrow(0, hidden.size(0) - n - 1, n);
            Tensor logProbabilities = NativeFloats.logSoftmax(model.logits(before, adaptation));
            float[] picked = NativeFloats.of(
                    logProbabilities.gather(1, model.ids(continuation, n).view(-1, 1)));
            return IntStream.range(0, n).mapToDouble(i -> -picked[i]).toArray();
        }
    }

    /** Hands over groups of rows of similar length that fit the memory, with the length of their longest. */
    private void inBatches(int[] lengths, int more, BiConsumer<int[], Integer> work) {
        int[] byLength = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -lengths[i]).thenComparingInt(i -> i))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int from = 0; from < byLength.length; ) {
            int width = lengths[byLength[from]];
            int to = Math.min(byLength.length, from + rowsAtOnce(width, more));
            work.accept(Arrays.copyOfRange(byLength, from, to), width);
            from = to;
        }
    }

    private int rowsAtOnce(int width, int more) {
        ModelConfig config = model.config();
        long element = model.type().scalarType() == torch.ScalarType.Float ? 4 : 2;
        // Scores are held about three times over: as scores, as weights, and joined.
        long scores = 3 * element * config.heads() * width * (prefix.length() + width);
        long keys = 2 * element * config.layers() * config.keyValueHeads() * config.headWidth() * (width + more);
        long logits = 4L * 3 * config.vocabulary();
        long budget = model.device() instanceof ComputeDevice.Cpu ? PROCESSOR_BYTES : GPU_BYTES;
        return (int) Math.clamp(budget / (scores + keys + logits), 1, 1024);
    }

    private static int[] padding(List<int[]> rows, int width) {
        return rows.stream().mapToInt(row -> width - row.length).toArray();
    }

    private static int[] padded(List<int[]> rows, int width) {
        int[] ids = new int[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, ids, (i + 1) * width - rows.get(i).length, rows.get(i).length);
        }
        return ids;
    }

    static int[] joined(int[] a, int[] b) {
        int[] joined = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, joined, a.length, b.length);
        return joined;
    }

    /** One batch being written: its rows are dropped when enough of them have ended. */
    private static final class Batch {

        private final int[] prefixIds;
        private final List<int[]> suffixes;
        private final Sampler sampler;
        private final Set<Integer> stops;
        private final int limit;
        private final List<Row> all;
        private List<Row> live;

        Batch(
                int[] prefixIds,
                List<int[]> suffixes,
                Sampling sampling,
                List<Long> seeds,
                Set<Integer> stops,
                int limit,
                int topChoices) {
            this.prefixIds = prefixIds;
            this.suffixes = suffixes;
            this.sampler = new Sampler(sampling, seeds);
            this.stops = stops;
            this.limit = limit;
            this.all = IntStream.range(0, suffixes.size())
                    .mapToObj(i -> new Row(i, topChoices))
                    .toList();
            this.live = all;
        }

        List<Written> write(Continuations model, KeyValueCache cache, int[] ids, int width) {
            Tensor logits = model.lastLogits(ids, width, cache);
            try (AutoGradMode off = new AutoGradMode(false);
                    NextTokens tokens = NextTokens.of(model.model, model.adaptation, cache)) {
                while (true) {
                    int[] next = choose(logits);
                    int room = model.model.config().window() - prefixIds.length;
                    live.forEach(row -> row.endAt(limit, room - suffixes.get(row.index).length));
                    if (live.stream().allMatch(row -> row.ended)) {
                        return all.stream().map(Row::written).toList();
                    }
                    if (Thread.currentThread().isInterrupted()) {
                        throw new CancellationException("interrupted while writing tokens");
                    }
                    next = dropEnded(next, cache);
                    logits.close();
                    logits = tokens.logits(next);
                }
            } finally {
                logits.close();
            }
        }

        private int[] choose(Tensor logits) {
            int[] next = sampler.next(logits, this::seen);
            Row.noteChoices(live, logits);
            for (int i = 0; i < next.length; i++) {
                live.get(i).take(next[i], stops);
            }
            return next;
        }

        /** What stands in each row's window so far. */
        private List<int[]> seen() {
            return live.stream()
                    .map(row -> joined(joined(prefixIds, suffixes.get(row.index)), row.ids()))
                    .toList();
        }

        private int[] dropEnded(int[] next, KeyValueCache cache) {
            int[] writing = IntStream.range(0, live.size())
                    .filter(i -> !live.get(i).ended)
                    .toArray();
            if (writing.length > SPARSE * live.size()) {
                return next;
            }
            int[] order = cache.keepRows(writing);
            sampler.keepRows(order);
            List<Row> before = live;
            live = IntStream.of(order).mapToObj(before::get).toList();
            return IntStream.of(order).map(i -> next[i]).toArray();
        }
    }

    /** Logits behind the newest token of each row, {@code [rows, vocabulary]}; the caller closes them. */
    private Tensor lastLogits(int[] ids, int width, KeyValueCache cache) {
        try (AutoGradMode off = new AutoGradMode(false)) {
            return NativeScope.keeping(() -> {
                Tensor hidden = model.hidden(model.ids(ids, width), cache, adaptation);
                return model.nextLogits(hidden.select(1, width - 1), adaptation);
            });
        }
    }
}
