package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model, and on what. */
final class ModelOptions {

    @Option(
            names = {"--model", "--base"},
            paramLabel = "MODEL",
            description = "Hugging Face id, folder, .gguf file, or a base that lift sft wrote (default:"
                    + " SmolLM2-135M-Instruct, or the memory's own).")
    private @Nullable String model;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu or cuda:N (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "auto",
            description = "auto, float32 or bfloat16; auto takes the faster (default: ${DEFAULT-VALUE}).")
    private String dtype;

    /** Loads the model that was named, or else the one that a memory names, or else the default. */
    Lift open(Optional<String> ofMemory, Progress progress) {
        LiftOptions options =
                LiftOptions.defaults().withDevice(device).withDtype(dtype).withProgress(progress);
        return Lift.open(Optional.ofNullable(model)
                .or(() -> ofMemory)
                .map(options::withModel)
                .orElse(options));
    }
}
