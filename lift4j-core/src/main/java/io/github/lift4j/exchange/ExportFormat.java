package io.github.lift4j.exchange;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.weights.GgmlType;
import java.util.Optional;

/** As what a memory is exported. */
public sealed interface ExportFormat {

    /** The adapter, as a folder that PEFT and vLLM put on the base. */
    record Peft() implements ExportFormat {}

    /** The base with what was learned in it, as a Hugging Face folder. */
    record Safetensors(ComputeType type) implements ExportFormat {}

    /** The same as one file for llama.cpp. */
    record Gguf(GgmlType type) implements ExportFormat {}

    /** The adapter, as a file that llama.cpp puts on the base. */
    record GgufLora(GgmlType type) implements ExportFormat {}

    /**
     * Reads a format's name.
     *
     * @param name {@code peft}, {@code safetensors}, {@code gguf} or {@code gguf-lora}
     * @param dtype of the weights: {@code float32}, {@code bfloat16}, {@code float16} or {@code q8_0}, as far as the
     *     format has it; where none is named bfloat16 for safetensors, float16 for gguf and float32 for gguf-lora
     * @throws LiftException for another name or a type that the format does not have
     */
    static ExportFormat parse(String name, Optional<String> dtype) {
        return switch (name) {
            case "peft" -> peft(dtype);
            case "safetensors" -> new Safetensors(whole(dtype.orElse("bfloat16")));
            case "gguf" -> new Gguf(ggml(name, dtype.orElse("float16")));
            case "gguf-lora" -> new GgufLora(ggml(name, dtype.orElse("float32")));
            default ->
                throw new LiftException("There is no format '" + name + "': use peft, safetensors, gguf or gguf-lora.");
        };
    }

    private static Peft peft(Optional<String> dtype) {
        if (dtype.isPresent()) {
            throw new LiftException("An adapter in PEFT's format is copied as it is: leave --dtype out.");
        }
        return new Peft();
    }

    private static ComputeType whole(String dtype) {
        return switch (dtype) {
            case "float32" -> ComputeType.FLOAT32;
            case "bfloat16" -> ComputeType.BFLOAT16;
            default ->
                throw new LiftException(
                        "safetensors are not written in '" + dtype + "': use --dtype bfloat16 or float32.");
        };
    }

    private static GgmlType ggml(String format, String dtype) {
        boolean whole = format.equals("gguf");
        if (dtype.equals("q8_0") && whole) {
            return GgmlType.Q8_0;
        }
        return switch (dtype) {
            case "float32" -> GgmlType.F32;
            case "float16" -> GgmlType.F16;
            case "bfloat16" -> GgmlType.BF16;
            default ->
                throw new LiftException(format + " is not written in '" + dtype + "': use --dtype float32, float16"
                        + (whole ? ", bfloat16 or q8_0." : " or bfloat16."));
        };
    }
}
