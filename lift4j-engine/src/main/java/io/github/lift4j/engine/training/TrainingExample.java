package io.github.lift4j.engine.training;

import java.util.Arrays;
import java.util.Optional;

/**
 * A sequence to learn.
 *
 * @param tokens ids, {@code [time]}, at least 2
 * @param weights how much predicting each token counts, {@code [time]}; the first token's is never used. The loss of a
 *     step is the weighted sum of the targets' losses over all its examples, so whoever makes the examples decides what
 *     is a mean over what.
 * @param teacher what to predict at the targets that count, in order, instead of the tokens themselves: a target's loss
 *     is then the Kullback-Leibler divergence {@code KL(teacher || model)} instead of its negative log-likelihood
 */
public record TrainingExample(int[] tokens, float[] weights, Optional<SoftTargets> teacher) {

    public TrainingExample {
        if (tokens.length < 2 || weights.length != tokens.length) {
            throw new IllegalArgumentException("an example needs at least 2 tokens and a weight for each, not "
                    + tokens.length + " and " + weights.length);
        }
        if (teacher.isPresent() && teacher.get().positions() != count(weights)) {
            throw new IllegalArgumentException(
                    "a teacher of " + teacher.get().positions() + " positions for " + count(weights) + " targets");
        }
    }

    /** A sequence to predict as it stands. */
    public TrainingExample(int[] tokens, float[] weights) {
        this(tokens, weights, Optional.empty());
    }

    /** A sequence whose every token but the first counts as much. */
    public static TrainingExample uniform(int[] tokens, float weight) {
        float[] weights = new float[tokens.length];
        Arrays.fill(weights, 1, weights.length, weight);
        return new TrainingExample(tokens, weights);
    }

    /** Number of targets that count. */
    public int targets() {
        return count(weights);
    }

    private static int count(float[] weights) {
        int count = 0;
        for (int i = 1; i < weights.length; i++) {
            count += weights[i] != 0 ? 1 : 0;
        }
        return count;
    }
}
