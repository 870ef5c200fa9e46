package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.LiftException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A GGUF file seen as Hugging Face would lay it out. */
final class GgufCheckpoint implements Checkpoint {

    private final Gguf gguf;
    private final ObjectNode config;
    private final Map<String, String> names;
    private final boolean pairsRotated;

    private GgufCheckpoint(Gguf gguf) {
        this.gguf = gguf;
        this.pairsRotated = GgufConfig.architecture(gguf).equals("llama");
        this.names = GgufNames.of(gguf);
        this.config = GgufConfig.of(gguf);
    }

    static GgufCheckpoint open(Path file) {
        Gguf gguf = Gguf.open(file);
        try {
            return new GgufCheckpoint(gguf);
        } catch (RuntimeException e) {
            gguf.close();
            throw e;
        }
    }

    @Override
    public JsonNode config() {
        return config.deepCopy();
    }

    @Override
    public Set<String> names() {
        return names.keySet();
    }

    @Override
    public long[] shape(String name) {
        return gguf.shape(stored(name));
    }

    @Override
    public Tensor read(String name, ScalarType type) {
        return gguf.read(stored(name), type, order(name));
    }

    private RowOrder order(String name) {
        boolean rotated = name.contains(".self_attn.q_proj.") || name.contains(".self_attn.k_proj.");
        if (!pairsRotated || !rotated) {
            return RowOrder.AS_STORED;
        }
        long headDim = config.path("head_dim").longValue();
        if (headDim % 2 != 0 || gguf.shape(stored(name))[0] % headDim != 0) {
            throw new LiftException("The tensor " + stored(name) + " in " + gguf.path()
                    + " does not fit the model's attention heads; download the file again.");
        }
        return RowOrder.halvesFromPairs(headDim);
    }

    private String stored(String name) {
        String stored = names.get(name);
        if (stored == null) {
            throw new LiftException("There is no tensor " + name + " in " + gguf.path()
                    + "; the file is incomplete or of another kind of model: download it again or choose another.");
        }
        return stored;
    }

    @Override
    public Optional<Gguf> gguf() {
        return Optional.of(gguf);
    }

    @Override
    public String hash() {
        return gguf.hash();
    }

    @Override
    public void close() {
        gguf.close();
    }
}
