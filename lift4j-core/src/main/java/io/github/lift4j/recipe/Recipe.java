package io.github.lift4j.recipe;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.training.AdamW;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.segment.Segmentation;
import java.util.Set;

/**
 * Every setting of an absorb.
 *
 * @param segmentLength tokens of a segment, at least 2 (l in section 3.1)
 * @param stride tokens from one segment's start to the next one's, 1 to {@code segmentLength} (s in section 3.1)
 * @param rank LoRA rank on all linear layers, or 0 to train all weights
 * @param alpha LoRA's scale is {@code alpha / rank}; unused where rank is 0
 * @param learningRate highest learning rate
 * @param warmup share of the steps in which the learning rate rises, in [0, 1)
 * @param decay how it falls afterwards
 * @param beta2 AdamW's decay of the mean squared gradient, in [0, 1)
 * @param weightDecay AdamW's, at least 0
 * @param clip largest gradient norm of a step, positive
 * @param epochs how often every segment is trained, at least 1
 * @param stepTokens tokens of segments in one optimiser step; at least one segment is taken
 * @param seed fixes the order of the segments and the adapter's start
 */
public record Recipe(
        int segmentLength,
        int stride,
        int rank,
        double alpha,
        double learningRate,
        double warmup,
        Schedule.Decay decay,
        double beta2,
        double weightDecay,
        double clip,
        int epochs,
        int stepTokens,
        long seed) {

    /** What measured best within the time that a small machine has; the README gives the figures. */
    public static final Recipe DEFAULT =
            new Recipe(256, 96, 64, 128, 4e-3, 0.05, Schedule.Decay.LINEAR, 0.99, 0, 1, 2, 512, 0);

    public Recipe {
        check(segmentLength >= 2, "segment_length", segmentLength, "at least 2 tokens");
        check(stride >= 1 && stride <= segmentLength, "stride", stride, "from 1 to the segment's length");
        check(rank >= 0, "rank", rank, "at least 1, or 0 for full fine-tuning");
        check(epochs >= 1, "epochs", epochs, "at least 1");
        check(stepTokens >= 1, "step_tokens", stepTokens, "at least 1");
        check(clip > 0, "clip", clip, "positive");
    }

    private static void check(boolean holds, String name, Number value, String rule) {
        if (!holds) {
            throw new LiftException("The recipe's " + name + " is " + value + ", but must be " + rule + ".");
        }
    }

    /** The same recipe with another number of epochs. */
    public Recipe withEpochs(int epochs) {
        return new Recipe(
                segmentLength,
                stride,
                rank,
                alpha,
                learningRate,
                warmup,
                decay,
                beta2,
                weightDecay,
                clip,
                epochs,
                stepTokens,
                seed);
    }

    /** The same recipe with another seed. */
    public Recipe withSeed(long seed) {
        return new Recipe(
                segmentLength,
                stride,
                rank,
                alpha,
                learningRate,
                warmup,
                decay,
                beta2,
                weightDecay,
                clip,
                epochs,
                stepTokens,
                seed);
    }

    /** How the document is cut. */
    public Segmentation segmentation() {
        return new Segmentation(segmentLength, stride);
    }

    /** The adapter, where {@link #rank} is not 0. */
    public LoraSettings lora() {
        return new LoraSettings(rank, alpha, false, Set.of());
    }

    /** The optimiser. */
    public AdamW optimiser() {
        return new AdamW(0.9, beta2, 1e-8, weightDecay);
    }

    /** The learning rate over the run. */
    public Schedule schedule() {
        return new Schedule(learningRate, warmup, decay);
    }

    /** Segments that one optimiser step trains. */
    public int segmentsPerStep() {
        return Math.max(1, stepTokens / segmentLength);
    }
}
