package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.RandomWeights;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Optional;
import java.util.SplittableRandom;
import picocli.CommandLine.Option;

/** On what models run. */
final class DeviceOptions {

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description =
                    "auto, cpu, cuda:N, or cuda:N/GB where others use that GPU too and training may fill only so much of it (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "auto",
            description =
                    "auto, float32, bfloat16, or float8 (bfloat16 with a frozen base in eight bits while LoRA trains); auto takes the faster of the first two (default: ${DEFAULT-VALUE}).")
    private String dtype;

    /**
     * Loads a model.
     *
     * @param before the data type that earlier work was done in, which auto takes too
     */
    Lift open(String model, Optional<String> before, Progress progress) {
        return Lift.open(options(before, progress).withModel(model));
    }

    /** The same without a model of their own. */
    LiftOptions options(Optional<String> before, Progress progress) {
        return LiftOptions.defaults()
                .withDevice(device)
                .withDtype(dtype.equals("auto") ? before.orElse(dtype) : dtype)
                .withProgress(progress);
    }

    /** A model of a shape that is known by name, with random weights, always the same. */
    Transformer random(String shape) {
        ModelConfig config = ModelConfig.ofShape(shape);
        ComputeDevice on = ComputeDevice.parse(device);
        try (RandomWeights weights = new RandomWeights(config, new SplittableRandom(0))) {
            return Transformer.load(config, weights, on, ComputeType.parse(dtype, on));
        }
    }
}
