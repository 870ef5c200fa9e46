package io.github.lift4j.engine.training;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.PeakMemory;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.TrainingPass;
import io.github.lift4j.engine.transformer.TrainingPass.Again;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Locale;

/**
 * How a step is fitted into memory.
 *
 * @param tokens that go through the model at once at most, but at least one example
 * @param again what is computed again on the way back instead of kept
 */
public record StepMemory(int tokens, TrainingPass.Again again) {

    /** More at once is no faster, even on a large GPU. */
    private static final int MOST_TOKENS = 32_768;

    /** Fewer at once do not fill a GPU: then it pays to compute activations twice. */
    private static final int FEWEST_TOKENS = 2048;

    /** What is left to the allocator's gaps. */
    private static final double SHARE = 0.85;

    /** The chunk of logits of the loss: bfloat16, float32 twice. */
    private static final long LOGIT_BYTES = 10;

    /** A trained weight in float32, its gradient, and Adam's two moments. */
    private static final long TRAINED_BYTES = 16;

    public StepMemory {
        if (tokens < 1) {
            throw new IllegalArgumentException("a step of " + tokens + " tokens");
        }
    }

    /** With what blocks need kept. */
    public static StepMemory of(int tokens) {
        return new StepMemory(tokens, Again.CHEAP);
    }

    /**
     * What a GPU has room for. It depends on the kind of GPU and on the room that was named, not on what else runs there, so
     * that runs repeat.
     *
     * @param adapter what is trained
     * @param longest tokens of the longest example
     * @throws LiftException where there is not enough room for one example
     */
    public static StepMemory on(ComputeDevice.Cuda gpu, Transformer model, Adapter adapter, int longest) {
        return within(
                gpu.room().orElseGet(() -> PeakMemory.total(gpu)),
                model.config(),
                model.type(),
                adapter.parameters().count(),
                longest);
    }

    static StepMemory within(long bytes, ModelConfig config, ComputeType type, long trained, int longest) {
        long weights = weights(config, type) + trained * TRAINED_BYTES;
        long logits = LOGIT_BYTES * TargetLoss.gpuChunk(config.vocabulary()) * config.vocabulary();
        double room = SHARE * bytes - weights - logits;
        long kept = block(config, type) * config.layers() + working(config, type);
        if (room / kept >= Math.max(longest, FEWEST_TOKENS)) {
            return new StepMemory((int) Math.min(MOST_TOKENS, room / kept), Again.CHEAP);
        }
        long inputs = (long) config.layers() * config.hidden() * width(type);
        long again = inputs + block(config, type) + working(config, type);
        if (room / again < longest) {
            throw new LiftException(String.format(
                    Locale.ROOT,
                    "Training needs some %.0f GB on the GPU, which has %.0f for it: use LoRA of a smaller rank, shorter segments, a"
                            + " smaller model, or --device cpu.",
                    (weights + logits + again * longest) / SHARE / 1e9,
                    bytes / 1e9));
        }
        return new StepMemory((int) Math.min(MOST_TOKENS, room / again), Again.BLOCKS);
    }

    /** Bytes that a token leaves in a block for the way back, attention fused, norms and the gate computed again. */
    private static long block(ModelConfig config, ComputeType type) {
        long queries = (long) config.heads() * config.headWidth();
        long keys = (long) config.keyValueHeads() * config.headWidth();
        // The inputs of both norms; queries and keys as turned, values, and what attention makes of them; the
        // feed-forward
        // network's two projections.
        return width(type) * 2L * (config.hidden() + queries + keys + config.intermediate());
    }

    /** Bytes of a token that come and go within one block. */
    private static long working(ModelConfig config, ComputeType type) {
        return width(type) * 6L * (config.hidden() + config.intermediate());
    }

    /** Bytes of the base; in float8 the projections, but neither embedding nor vocabulary projection, are a byte a weight. */
    private static long weights(ModelConfig config, ComputeType type) {
        long wide = (long) config.vocabulary() * config.hidden() * (config.tiedEmbeddings() ? 1 : 2);
        return type == ComputeType.FLOAT8 ? config.parameters() + wide : config.parameters() * width(type);
    }

    private static long width(ComputeType type) {
        return type == ComputeType.FLOAT32 ? 4 : 2;
    }
}
