package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Tells of many prompts at once how much likelier one answer is than another. What all of them begin with is read once.
 *
 * <p>Holds nothing between calls, so any number of threads may use one.
 */
public record BatchOdds(Transformer model, Adaptation adaptation) {

    /**
     * Log-probability of one answer less that of another behind each prompt, in nats. Where both are one token, each prompt
     * is read once, and the two are compared in float32 whatever the model's type; else once for each answer.
     *
     * @param prompts at least one token each
     * @param answer at least one token
     * @param other at least one token
     * @throws LiftException where a prompt does not fit in the model's window with the longer answer
     */
    public List<Double> of(List<int[]> prompts, int[] answer, int[] other) {
        if (prompts.isEmpty()) {
            return List.of();
        }
        SharedPrefix parts = SharedPrefix.of(prompts);
        try (Context context = new Context(model, adaptation)) {
            context.read(parts.prefix());
            if (answer.length == 1 && other.length == 1) {
                return DoubleStream.of(context.oddsEach(parts.suffixes(), answer[0], other[0]))
                        .boxed()
                        .toList();
            }
            double[] one = nll(context, parts.suffixes(), answer);
            double[] two = nll(context, parts.suffixes(), other);
            return IntStream.range(0, one.length).mapToObj(i -> two[i] - one[i]).toList();
        }
    }

    private static double[] nll(Context context, List<int[]> suffixes, int[] answer) {
        return context.scoreEach(suffixes, Collections.nCopies(suffixes.size(), answer)).stream()
                .mapToDouble(tokens -> Arrays.stream(tokens).sum())
                .toArray();
    }
}
