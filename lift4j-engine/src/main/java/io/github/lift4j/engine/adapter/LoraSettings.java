package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import java.util.Set;

/**
 * Low-rank adaptation's settings.
 *
 * @param rank width r of the low-rank product, at least 1
 * @param alpha numerator of the scale
 * @param rankStabilised scale {@code alpha / sqrt(rank)} (rsLoRA) instead of {@code alpha / rank}
 * @param targets last names of the adapted layers ({@code q_proj}, ...); empty means all linear layers
 */
public record LoraSettings(int rank, double alpha, boolean rankStabilised, Set<String> targets) {

    public LoraSettings {
        if (rank < 1 || !(alpha > 0)) {
            throw new LiftException("LoRA needs a rank of at least 1 and a positive alpha, not rank " + rank
                    + " and alpha " + alpha + ".");
        }
        targets = Set.copyOf(targets);
    }

    /** All linear layers, plain scale. */
    public static LoraSettings allLinear(int rank, double alpha) {
        return new LoraSettings(rank, alpha, false, Set.of());
    }

    /** The factor on the low-rank product. */
    public double scale() {
        return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
    }

    boolean adapts(String layer) {
        return targets.isEmpty() || targets.contains(layer.substring(layer.lastIndexOf('.') + 1));
    }
}
