package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model, and on what it runs. */
final class ModelOptions {

    @Option(
            names = {"--model", "--base"},
            paramLabel = "MODEL",
            description = "Hugging Face id, folder, .gguf file, or a base that lift sft wrote (default:"
                    + " SmolLM2-135M-Instruct, or the memory's own).")
    private @Nullable String model;

    @Mixin
    private DeviceOptions device;

    /** Loads the model that was named, or else the one that a memory names, or else the default. */
    Lift open(Optional<String> ofMemory, Progress progress) {
        return open(ofMemory, Optional.empty(), progress);
    }

    /**
     * The same where work is gone on with.
     *
     * @param before the data type that it was begun in, which auto takes too
     */
    Lift open(Optional<String> ofMemory, Optional<String> before, Progress progress) {
        LiftOptions options = device.options(before, progress);
        return Lift.open(Optional.ofNullable(model)
                .or(() -> ofMemory)
                .map(options::withModel)
                .orElse(options));
    }

    /** The same as {@link #open}, but with random weights of a shape that is known by name; the model named lends its tokenizer. */
    Lift openRandom(String shape, Progress progress) {
        LiftOptions options = device.options(Optional.empty(), progress);
        Tokenizer tokenizer;
        try (StoredModel stored =
                Lift.stored(Optional.ofNullable(model).map(options::withModel).orElse(options))) {
            tokenizer = stored.tokenizer();
        }
        return Lift.of(new LanguageModel(shape, "random", false, random(shape), tokenizer), progress);
    }

    /** A model of a shape that is known by name, with random weights. */
    Transformer random(String shape) {
        return device.random(shape);
    }
}
