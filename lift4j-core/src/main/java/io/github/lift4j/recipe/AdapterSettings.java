package io.github.lift4j.recipe;

import static io.github.lift4j.recipe.Recipe.check;

import io.github.lift4j.engine.adapter.LoraSettings;
import java.util.Set;

/**
 * What is trained.
 *
 * @param rank LoRA rank, or 0 to train all weights
 * @param alpha LoRA's scale is {@code alpha / rank}; unused where rank is 0
 * @param rankStabilised scale {@code alpha / sqrt(rank)} instead (rsLoRA)
 * @param targets last names of the adapted layers ({@code q_proj}, ...); empty for all linear layers
 */
public record AdapterSettings(int rank, double alpha, boolean rankStabilised, Set<String> targets) {

    public AdapterSettings {
        check(rank >= 0, "adapter.rank", rank, "at least 1, or 0 for full fine-tuning");
        check(alpha > 0, "adapter.alpha", alpha, "positive");
        targets = Set.copyOf(targets);
    }

    /** LoRA on all linear layers with the plain scale, or all weights where the rank is 0. */
    public static AdapterSettings allLinear(int rank, double alpha) {
        return new AdapterSettings(rank, alpha, false, Set.of());
    }

    /** The LoRA adapter, where {@link #rank} is not 0. */
    public LoraSettings lora() {
        return new LoraSettings(rank, alpha, rankStabilised, targets);
    }
}
