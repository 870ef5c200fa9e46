package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Writes the answers to many prompts at once. What all of them begin with is read once.
 *
 * <p>Holds nothing between calls, so any number of threads may use one.
 *
 * @param stops ids after which a text ends
 */
public record BatchWriter(Transformer model, Adaptation adaptation, Set<Integer> stops) {

    /**
     * Answers all prompts.
     *
     * @param prompts at least one token each
     * @param seeds one a prompt; the sampling's own is not used
     * @param limit longest answer in tokens
     * @param topChoices how many of the likeliest tokens to note at each position, 0 for none
     * @throws io.github.lift4j.engine.LiftException where a prompt does not fit in the model's window
     */
    public List<Written> write(List<int[]> prompts, Sampling sampling, List<Long> seeds, int limit, int topChoices) {
        if (prompts.isEmpty()) {
            return List.of();
        }
        int shared = commonPrefix(prompts);
        List<int[]> suffixes = prompts.stream()
                .map(prompt -> Arrays.copyOfRange(prompt, shared, prompt.length))
                .toList();
        try (Context context = new Context(model, adaptation)) {
            context.read(Arrays.copyOf(prompts.getFirst(), shared));
            return context.writeEach(suffixes, sampling, seeds, stops, limit, topChoices);
        }
    }

    /** Length of what all prompts begin with, at least one token of each left over. */
    private static int commonPrefix(List<int[]> prompts) {
        int[] first = prompts.getFirst();
        int length = first.length - 1;
        for (int[] prompt : prompts) {
            int same = Arrays.mismatch(first, prompt);
            length = Math.min(length, Math.min(same < 0 ? length : same, prompt.length - 1));
        }
        return length;
    }
}
