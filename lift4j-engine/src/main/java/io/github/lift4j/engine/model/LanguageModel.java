package io.github.lift4j.engine.model;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.TunedWeights;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.transformer.WeightSource;
import io.github.lift4j.engine.weights.Checkpoint;
import java.nio.file.Path;

/**
 * A language model that was read from its files.
 *
 * <p>Any number of threads may use it at once. Owns the native memory of weights and tokenizer: close it, after
 * everything that was made from it.
 *
 * @param name by what it can be found again: a hub id or a path
 * @param hash SHA-256 over its weight files; a memory belongs to the base with the same hash
 * @param tuned whether it was fine-tuned by lift4j beforehand (section 3.3)
 */
public record LanguageModel(String name, String hash, boolean tuned, Transformer transformer, Tokenizer tokenizer)
        implements AutoCloseable {

    /**
     * Loads a model from a folder with a config.json, or from a GGUF file.
     *
     * @throws LiftException where the files are missing, damaged, or of an unsupported family
     */
    public static LanguageModel load(String name, Path path, ComputeDevice device, ComputeType type) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            return of(name, checkpoint.hash(), false, checkpoint, path, checkpoint::read, device, type);
        }
    }

    /**
     * The same with the adapter or the whole weights in a folder multiplied in.
     *
     * @param baseHash what the hash of the base must be
     * @param tuned the folder
     * @throws LiftException where the base is another one, or the folder's files are damaged
     */
    public static LanguageModel loadTuned(
            String name, Path path, String baseHash, Path tuned, ComputeDevice device, ComputeType type) {
        try (Checkpoint checkpoint = Checkpoint.open(path);
                TunedWeights weights = TunedWeights.open(checkpoint::read, tuned)) {
            if (!checkpoint.hash().equals(baseHash)) {
                throw new LiftException("The fine-tuned base in " + tuned + " was made from another model than " + path
                        + " holds: put the model it names back.");
            }
            String hash = checkpoint.hash().substring(0, 32) + weights.hash().substring(0, 32);
            return of(name, hash, true, checkpoint, path, weights, device, type);
        }
    }

    private static LanguageModel of(
            String name,
            String hash,
            boolean tuned,
            Checkpoint checkpoint,
            Path path,
            WeightSource weights,
            ComputeDevice device,
            ComputeType type) {
        Tokenizer tokenizer = checkpoint
                .gguf()
                .map(gguf -> Tokenizer.fromGguf(gguf.metadata().asMap()))
                .orElseGet(() -> Tokenizer.open(path));
        try {
            Transformer transformer =
                    Transformer.load(ModelConfig.fromHuggingFace(checkpoint.config()), weights, device, type);
            return new LanguageModel(name, hash, tuned, transformer, tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** Longest sequence the model reads, in tokens. */
    public int window() {
        return transformer.config().window();
    }

    @Override
    public void close() {
        transformer.close();
        tokenizer.close();
    }
}
