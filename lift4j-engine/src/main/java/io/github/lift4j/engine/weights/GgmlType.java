package io.github.lift4j.engine.weights;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** How a GGUF file stores elements: in blocks that share scales. The constants carry ggml's own names. */
public enum GgmlType {
    F32(0, 1, 4, BlockDecoder::f32),
    F16(1, 1, 2, BlockDecoder::f16),
    Q4_0(2, 32, 18, BlockDecoder::q4_0),
    Q4_1(3, 32, 20, BlockDecoder::q4_1),
    Q5_0(6, 32, 22, BlockDecoder::q5_0),
    Q5_1(7, 32, 24, BlockDecoder::q5_1),
    Q8_0(8, 32, 34, BlockDecoder::q8_0),
    Q4_K(12, 256, 144, BlockDecoder::q4K),
    Q5_K(13, 256, 176, BlockDecoder::q5K),
    Q6_K(14, 256, 210, BlockDecoder::q6K),
    BF16(30, 1, 2, BlockDecoder::bf16);

    /** ggml's types that are not read, so that an error can name them. */
    private static final Map<Integer, String> UNREAD = Map.ofEntries(
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"),
            Map.entry(40, "NVFP4"),
            Map.entry(41, "Q1_0"));

    private final int id;
    private final int blockElements;
    private final int blockBytes;
    private final BlockDecoder decoder;

    GgmlType(int id, int blockElements, int blockBytes, BlockDecoder decoder) {
        this.id = id;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.decoder = decoder;
    }

    /** ggml's number of it. */
    int id() {
        return id;
    }

    /** Elements that share a scale; the rows of a tensor hold whole blocks. 1 where each stands alone. */
    public int blockElements() {
        return blockElements;
    }

    int blockBytes() {
        return blockBytes;
    }

    BlockDecoder decoder() {
        return decoder;
    }

    static Optional<GgmlType> withId(int id) {
        return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
    }

    /** What a person calls the type with this number, known or not. */
    static String nameOf(int id) {
        return withId(id).map(GgmlType::name).orElseGet(() -> UNREAD.getOrDefault(id, "number " + id));
    }
}
