package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.LiftException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A folder as Hugging Face lays it out. */
final class FolderCheckpoint implements Checkpoint {

    static final String CONFIG = "config.json";

    private final ObjectNode config;
    private final Safetensors weights;

    private FolderCheckpoint(ObjectNode config, Safetensors weights) {
        this.config = config;
        this.weights = weights;
    }

    static FolderCheckpoint open(Path folder) {
        ObjectNode config = JsonFile.read(folder.resolve(CONFIG));
        JsonNode quantisation = config.path("quantization_config");
        if (quantisation.isObject()) {
            String method = quantisation.path("quant_method").asText("an unknown method");
            throw new LiftException("The model in " + folder + " is quantised with " + method
                    + ", which cannot be read; choose the unquantised model or a GGUF file of it.");
        }
        return new FolderCheckpoint(config, Safetensors.open(folder));
    }

    @Override
    public JsonNode config() {
        return config.deepCopy();
    }

    @Override
    public Set<String> names() {
        return weights.names();
    }

    @Override
    public long[] shape(String name) {
        return weights.shape(name);
    }

    @Override
    public Tensor read(String name, ScalarType type) {
        return weights.read(name, type);
    }

    @Override
    public Optional<Gguf> gguf() {
        return Optional.empty();
    }

    @Override
    public String hash() {
        return weights.hash();
    }

    @Override
    public void close() {
        weights.close();
    }
}
