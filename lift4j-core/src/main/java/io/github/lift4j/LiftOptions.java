package io.github.lift4j;

import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.hub.HubSettings;
import java.util.Optional;

/**
 * What to load and where to run it.
 *
 * @param model a Hugging Face id, a folder, or a {@code .gguf} file; empty for the default, SmolLM2-135M-Instruct
 * @param device {@code auto}, {@code cpu}, {@code cuda:N}, or {@code cuda:N/GB} where others use the GPU too
 * @param dtype {@code auto}, {@code float32} or {@code bfloat16}; auto measures which is faster on a processor
 * @param hub where models are kept and fetched from
 * @param progress hears of downloads and training
 */
public record LiftOptions(Optional<String> model, String device, String dtype, HubSettings hub, Progress progress) {

    /** The default model on the best device, with the environment's hub settings, silent. */
    public static LiftOptions defaults() {
        return new LiftOptions(
                Optional.empty(), "auto", "auto", HubSettings.fromEnvironment(System.getenv()), Progress.SILENT);
    }

    /** Another model. */
    public LiftOptions withModel(String model) {
        return new LiftOptions(Optional.of(model), device, dtype, hub, progress);
    }

    /** Another device. */
    public LiftOptions withDevice(String device) {
        return new LiftOptions(model, device, dtype, hub, progress);
    }

    /** Another data type. */
    public LiftOptions withDtype(String dtype) {
        return new LiftOptions(model, device, dtype, hub, progress);
    }

    /** Another listener. */
    public LiftOptions withProgress(Progress progress) {
        return new LiftOptions(model, device, dtype, hub, progress);
    }
}
