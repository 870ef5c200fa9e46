package io.github.lift4j.engine.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.tokenizer.TokenizerFiles;
import io.github.lift4j.engine.transformer.WeightSource;
import io.github.lift4j.engine.weights.SafetensorsWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A model's folder as Hugging Face transformers and vLLM load it. */
public final class ModelFolder {

    private ModelFolder() {}

    /**
     * Writes a model into an existing folder, its {@code config.json} last.
     *
     * @param base whose configuration and tokenizer it has
     * @param weights the base's, or what was made of them
     * @throws LiftException where the family is not supported or the folder cannot be written
     */
    public static void write(StoredModel base, WeightSource weights, ComputeType type, Path folder, Progress progress) {
        ExportedWeights exported = ExportedWeights.of(base, weights, progress);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : exported.names()) {
            writer.add(name, type.scalarType(), base.shape(name), () -> exported.read(name, type.scalarType()));
        }
        base.gguf()
                .ifPresentOrElse(
                        gguf -> TokenizerFiles.write(gguf.metadata().asMap(), folder),
                        () -> TokenizerFiles.copy(base.path(), folder));
        writer.write(folder.resolve("model.safetensors"));
        ObjectNode config = base.config().deepCopy();
        config.remove("torch_dtype");
        config.put("dtype", type.toString());
        AtomicFile.write(
                folder.resolve("config.json"),
                out -> out.write(config.toPrettyString().getBytes(StandardCharsets.UTF_8)));
    }
}
