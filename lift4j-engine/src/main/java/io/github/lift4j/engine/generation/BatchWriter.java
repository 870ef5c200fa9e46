package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
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
        SharedPrefix parts = SharedPrefix.of(prompts);
        try (Context context = new Context(model, adaptation)) {
            context.read(parts.prefix());
            return context.writeEach(parts.suffixes(), sampling, seeds, stops, limit, topChoices);
        }
    }
}
