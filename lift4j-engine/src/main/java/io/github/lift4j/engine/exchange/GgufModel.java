package io.github.lift4j.engine.exchange;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.runtime.NativeScope;
import io.github.lift4j.engine.transformer.WeightSource;
import io.github.lift4j.engine.weights.GgmlType;
import io.github.lift4j.engine.weights.GgufNames;
import io.github.lift4j.engine.weights.GgufWriter;
import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A model as one GGUF file that llama.cpp loads. */
public final class GgufModel {

    /** llama.cpp's version of how it quantises. */
    private static final int QUANTISATION = 2;

    private GgufModel() {}

    /**
     * Writes a model. Norms and biases are always stored in F32, as llama.cpp wants them, and a matrix whose rows do not
     * hold whole blocks of the type in F16.
     *
     * @param base whose metadata it has
     * @param weights the base's, or what was made of them
     * @param type F32, F16, BF16 or Q8_0
     * @throws LiftException where GGUF has no name for the tokenizer, or the file cannot be written
     */
    public static void write(StoredModel base, WeightSource weights, GgmlType type, Path file, Progress progress) {
        GgufLayout layout = GgufLayout.of(base.config());
        GgufWriter writer = new GgufWriter();
        GgufDescription.write(base, layout, writer);
        writer.put("general.file_type", fileType(type));
        writer.put("general.quantization_version", QUANTISATION);
        ExportedWeights exported = ExportedWeights.of(base, weights, progress);
        for (String name : exported.names()) {
            GgmlType stored = type(type, base.shape(name));
            ScalarType made = made(stored);
            writer.add(
                    layout.name(name),
                    stored,
                    base.shape(name),
                    () -> NativeScope.keeping(() -> layout.rows(name, exported.read(name, made))));
        }
        layout.rotaryDivisors()
                .ifPresent(divisors -> writer.add(
                        GgufNames.ROPE_FACTORS,
                        GgmlType.F32,
                        new long[] {divisors.length},
                        () -> torch.tensor(divisors)));
        writer.write(file);
    }

    private static GgmlType type(GgmlType wanted, long[] shape) {
        if (shape.length == 1) {
            return GgmlType.F32;
        }
        return shape[shape.length - 1] % wanted.blockElements() == 0 ? wanted : GgmlType.F16;
    }

    private static ScalarType made(GgmlType type) {
        return switch (type) {
            case F16 -> ScalarType.Half;
            case BF16 -> ScalarType.BFloat16;
            default -> ScalarType.Float;
        };
    }

    /** What llama.cpp shows as the file's type. */
    private static int fileType(GgmlType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case Q8_0 -> 7;
            case BF16 -> 32;
            default -> throw new IllegalArgumentException("not written: " + type);
        };
    }
}
