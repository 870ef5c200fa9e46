package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The data type of the frozen weights and the activations. What is trained is always kept in float32 beside it. */
public enum ComputeType {
    FLOAT32(ScalarType.Float),
    BFLOAT16(ScalarType.BFloat16),
    /**
     * bfloat16, but frozen projections are stored in eight bits, and their products in training are of float8 factors: half
     * the room, and twice the rate of a Hopper.
     */
    FLOAT8(ScalarType.BFloat16);

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final Pattern INSTRUCTIONS = Pattern.compile("\\b(avx512_bf16|amx_bf16|bf16)\\b");
    private static final int ROUNDS = 16;

    private final ScalarType scalarType;

    ComputeType(ScalarType scalarType) {
        this.scalarType = scalarType;
    }

    /** What activations and weights are in libtorch. */
    public ScalarType scalarType() {
        return scalarType;
    }

    /**
     * The faster type for a device: bfloat16 on a GPU and on a processor with instructions for it, always; on another
     * processor whichever multiplies matrices of a training step's shape faster, measured for a fraction of a second.
     */
    public static ComputeType fastest(ComputeDevice device) {
        if (device instanceof ComputeDevice.Cuda || hasBfloat16(PROCESSOR)) {
            return BFLOAT16;
        }
        double narrow = Double.MAX_VALUE;
        double wide = Double.MAX_VALUE;
        // In turn, so that what else the processor does for a while slows down both.
        for (int i = 0; i < ROUNDS; i++) {
            narrow = Math.min(narrow, seconds(BFLOAT16));
            wide = Math.min(wide, seconds(FLOAT32));
        }
        return narrow < wide ? BFLOAT16 : FLOAT32;
    }

    /** Whether Linux says that the processor multiplies bfloat16; false on other systems, which do not say. */
    static boolean hasBfloat16(Path processor) {
        try (Stream<String> lines = Files.lines(processor, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> INSTRUCTIONS.matcher(line).find());
        } catch (IOException | UncheckedIOException e) {
            return false; // Then it is measured.
        }
    }

    private static double seconds(ComputeType type) {
        try (PointerScope scope = new PointerScope()) {
            Tensor activations = torch.ones(512, 576).to(type.scalarType);
            Tensor weights = torch.ones(1536, 576).to(type.scalarType);
            long start = System.nanoTime();
            torch.linear(activations, weights);
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /**
     * Reads {@code float32}, {@code bfloat16} or {@code float8}, in any case, or {@code auto}, which is the {@linkplain
     * #fastest fastest} of the first two.
     *
     * @throws LiftException for another text
     */
    public static ComputeType parse(String text, ComputeDevice device) {
        if (text.equals("auto")) {
            return fastest(device);
        }
        for (ComputeType type : values()) {
            if (type.name().equalsIgnoreCase(text)) {
                return type;
            }
        }
        throw new LiftException("'" + text + "' is no data type: use auto, float32, bfloat16 or float8.");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
