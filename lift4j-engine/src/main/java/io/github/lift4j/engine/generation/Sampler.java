package io.github.lift4j.engine.generation;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Chooses tokens from logits; its draws depend on the seed and on what was drawn before. */
final class Sampler {

    private final Sampling sampling;
    private final SplittableRandom random;

    Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = new SplittableRandom(sampling.seed());
    }

    /** The next token; {@code logits [vocabulary]} is changed, {@code seen} are the ids in the window so far. */
    int next(float[] logits, IntStream seen) {
        if (sampling.repetitionPenalty() != 1) {
            seen.distinct()
                    .forEach(id -> logits[id] = (float)
                            (logits[id] > 0
                                    ? logits[id] / sampling.repetitionPenalty()
                                    : logits[id] * sampling.repetitionPenalty()));
        }
        return sampling.temperature() == 0 ? likeliest(logits) : draw(logits);
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private int draw(float[] logits) {
        int[] order = IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .limit(sampling.topK() == 0 ? logits.length : sampling.topK())
                .mapToInt(Integer::intValue)
                .toArray();
        double[] cumulative = new double[order.length];
        double sum = 0;
        for (int i = 0; i < order.length; i++) {
            sum += Math.exp((logits[order[i]] - logits[order[0]]) / sampling.temperature());
            cumulative[i] = sum;
        }
        int kept = first(cumulative, sampling.topP() * sum) + 1;
        double ticket = random.nextDouble() * cumulative[kept - 1];
        return order[Math.min(first(cumulative, ticket), kept - 1)];
    }

    /** Index of the first entry that reaches the value, or the last one. */
    private static int first(double[] cumulative, double value) {
        for (int i = 0; i < cumulative.length; i++) {
            if (cumulative[i] >= value) {
                return i;
            }
        }
        return cumulative.length - 1;
    }
}
