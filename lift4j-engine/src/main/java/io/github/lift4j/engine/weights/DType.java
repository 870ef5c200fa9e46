package io.github.lift4j.engine.weights;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How a safetensors file stores one element; the constants carry the format's own names. */
public enum DType {
    BOOL(1, ScalarType.Bool),
    U8(1, ScalarType.Byte),
    I8(1, ScalarType.Char),
    F8_E5M2(1, ScalarType.Float8_e5m2),
    F8_E4M3(1, ScalarType.Float8_e4m3fn),
    I16(2, ScalarType.Short),
    U16(2, ScalarType.UInt16),
    F16(2, ScalarType.Half),
    BF16(2, ScalarType.BFloat16),
    I32(4, ScalarType.Int),
    U32(4, ScalarType.UInt32),
    F32(4, ScalarType.Float),
    I64(8, ScalarType.Long),
    U64(8, ScalarType.UInt64),
    F64(8, ScalarType.Double);

    private final int bytes;
    private final ScalarType scalarType;

    DType(int bytes, ScalarType scalarType) {
        this.bytes = bytes;
        this.scalarType = scalarType;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** libtorch's name for the same layout. */
    public ScalarType scalarType() {
        return scalarType;
    }

    /**
     * The stored form of a libtorch type.
     *
     * @throws IllegalArgumentException where safetensors has none (complex and quantised types)
     */
    public static DType of(ScalarType type) {
        return Arrays.stream(values())
                .filter(candidate -> candidate.scalarType.value == type.value)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("safetensors cannot store " + type));
    }

    static Optional<DType> named(String name) {
        return Arrays.stream(values())
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
    }
}
