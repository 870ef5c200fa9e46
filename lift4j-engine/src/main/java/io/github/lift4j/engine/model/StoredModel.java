package io.github.lift4j.engine.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.TunedWeights;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.transformer.WeightSource;
import io.github.lift4j.engine.weights.Checkpoint;
import io.github.lift4j.engine.weights.Gguf;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A language model as it lies on disk, open but not loaded: its weights are read one at a time. Several threads may read
 * at once; close it when none does. What was loaded from it does not depend on it staying open.
 */
public final class StoredModel implements WeightSource, AutoCloseable {

    private final String name;
    private final Path path;
    private final Checkpoint checkpoint;
    private final Optional<TunedWeights> tuned;

    private StoredModel(String name, Path path, Checkpoint checkpoint, Optional<TunedWeights> tuned) {
        this.name = name;
        this.path = path;
        this.checkpoint = checkpoint;
        this.tuned = tuned;
    }

    /**
     * Opens a folder with a config.json, or a GGUF file.
     *
     * @param name by what it can be found again: a hub id or a path
     * @throws LiftException where the files are missing or damaged
     */
    public static StoredModel open(String name, Path path) {
        return new StoredModel(name, path, Checkpoint.open(path), Optional.empty());
    }

    /**
     * The same with the adapter or the whole weights in a folder multiplied in.
     *
     * @param baseHash what the hash of the base must be
     * @param tuned the folder
     * @throws LiftException where the base is another one, or the folder's files are damaged
     */
    public static StoredModel openTuned(String name, Path path, String baseHash, Path tuned) {
        Checkpoint checkpoint = Checkpoint.open(path);
        try {
            if (!checkpoint.hash().equals(baseHash)) {
                throw new LiftException("The fine-tuned base in " + tuned + " was made from another model than " + path
                        + " holds: put the model it names back.");
            }
            return new StoredModel(name, path, checkpoint, Optional.of(TunedWeights.open(checkpoint::read, tuned)));
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /** By what it can be found again. */
    public String name() {
        return name;
    }

    /** The folder or GGUF file that holds it, or the model under it where it was tuned. */
    public Path path() {
        return path;
    }

    /** Whether it was fine-tuned by lift4j beforehand (section 3.3). */
    public boolean tuned() {
        return tuned.isPresent();
    }

    /** SHA-256 over its weight files; a memory belongs to the base with the same hash. */
    public String hash() {
        return tuned.map(weights ->
                        checkpoint.hash().substring(0, 32) + weights.hash().substring(0, 32))
                .orElseGet(checkpoint::hash);
    }

    /** Its config.json, see {@link Checkpoint#config}. */
    public JsonNode config() {
        return checkpoint.config();
    }

    /** The names of its weights as Hugging Face has them. */
    public Set<String> names() {
        return checkpoint.names();
    }

    /** The shape of a weight. */
    public long[] shape(String weight) {
        return checkpoint.shape(weight);
    }

    /** The GGUF file that holds it, where one does; open as long as this is. */
    public Optional<Gguf> gguf() {
        return checkpoint.gguf();
    }

    @Override
    public Tensor read(String weight, ScalarType type) {
        return tuned.isPresent() ? tuned.get().read(weight, type) : checkpoint.read(weight, type);
    }

    /** Its tokenizer; the caller closes it. */
    public Tokenizer tokenizer() {
        return gguf().map(gguf -> Tokenizer.fromGguf(gguf.metadata().asMap())).orElseGet(() -> Tokenizer.open(path));
    }

    /**
     * Loads it.
     *
     * @throws LiftException where it is of an unsupported family or its files are damaged
     */
    public LanguageModel load(ComputeDevice device, ComputeType type) {
        Tokenizer tokenizer = tokenizer();
        try {
            Transformer transformer = Transformer.load(ModelConfig.fromHuggingFace(config()), this, device, type);
            return new LanguageModel(name, hash(), tuned(), transformer, tokenizer);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public void close() {
        tuned.ifPresent(TunedWeights::close);
        checkpoint.close();
    }
}
