package io.github.lift4j.engine.runtime;

import io.github.lift4j.engine.LiftException;
import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The data type of the frozen weights and the activations. What is trained is always kept in float32 beside it. */
public enum ComputeType {
    FLOAT32(ScalarType.Float),
    BFLOAT16(ScalarType.BFloat16);

    private static final int ROUNDS = 16;

    private final ScalarType scalarType;

    ComputeType(ScalarType scalarType) {
        this.scalarType = scalarType;
    }

    /** The type's name in libtorch. */
    public ScalarType scalarType() {
        return scalarType;
    }

    /**
     * The faster type for a device: bfloat16 on a GPU; on a processor whichever multiplies matrices of a training step's
     * shape faster, measured for a fraction of a second, since processors differ more than twofold here.
     */
    public static ComputeType fastest(ComputeDevice device) {
        if (device instanceof ComputeDevice.Cuda) {
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
     * Reads {@code float32} or {@code bfloat16}, in any case.
     *
     * @throws LiftException for another text
     */
    public static ComputeType parse(String text) {
        for (ComputeType type : values()) {
            if (type.name().equalsIgnoreCase(text)) {
                return type;
            }
        }
        throw new LiftException("'" + text + "' is no data type: use auto, float32 or bfloat16.");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
