package io.github.lift4j.engine.model;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.engine.transformer.Transformer;
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
        try (StoredModel stored = StoredModel.open(name, path)) {
            return stored.load(device, type);
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
