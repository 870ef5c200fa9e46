package io.github.lift4j.engine;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.weights.Checkpoint;
import java.nio.file.Path;

/** Tiny random checkpoints that Hugging Face transformers made. */
public final class TinyModel {

    public static final Path FOLDER = Path.of("src/test/resources/tiny");

    private TinyModel() {}

    /** The checkpoint of that name, in float32 on the processor. */
    public static Transformer load(String name) {
        return load(name, false);
    }

    /** The same with attention by the fused kernel, as on a GPU, or not. */
    public static Transformer load(String name, boolean fused) {
        return load(name, ComputeType.FLOAT32, fused);
    }

    /** The same in another type. */
    public static Transformer load(String name, ComputeType type) {
        return load(name, type, false);
    }

    /** The same on another device, with the kernels that suit it. */
    public static Transformer on(String device, String name, ComputeType type) {
        ComputeDevice named = ComputeDevice.parse(device);
        return load(name, type, named, named instanceof ComputeDevice.Cuda);
    }

    private static Transformer load(String name, ComputeType type, boolean fused) {
        return load(name, type, ComputeDevice.parse("cpu"), fused);
    }

    private static Transformer load(String name, ComputeType type, ComputeDevice device, boolean fused) {
        try (Checkpoint checkpoint = Checkpoint.open(FOLDER.resolve(name))) {
            return Transformer.load(
                    ModelConfig.fromHuggingFace(checkpoint.config()), checkpoint::read, device, type, fused);
        }
    }
}
