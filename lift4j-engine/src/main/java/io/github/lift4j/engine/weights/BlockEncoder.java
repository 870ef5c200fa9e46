package io.github.lift4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Quantises as ggml does. */
final class BlockEncoder {

    private BlockEncoder() {}

    /** Blocks of 32: their scale in 16 bits, then each element in 8. */
    static ByteBuffer q8_0(MemorySegment floats) {
        int elements = GgmlType.Q8_0.blockElements();
        int blocks = Math.toIntExact(floats.byteSize() / Float.BYTES / elements);
        ByteBuffer encoded =
                ByteBuffer.allocate(blocks * GgmlType.Q8_0.blockBytes()).order(ByteOrder.LITTLE_ENDIAN);
        float[] block = new float[elements];
        for (int i = 0; i < blocks; i++) {
            MemorySegment.copy(floats, ValueLayout.JAVA_FLOAT, (long) i * elements * Float.BYTES, block, 0, elements);
            encode(block, encoded);
        }
        return encoded.flip();
    }

    private static void encode(float[] block, ByteBuffer to) {
        float largest = 0;
        for (float value : block) {
            largest = Math.max(largest, Math.abs(value));
        }
        float scale = largest / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        to.putShort(Float.floatToFloat16(scale));
        for (float value : block) {
            float scaled = value * inverse;
            to.put((byte) (scaled + Math.copySign(0.5f, scaled))); // cutting off then rounds halves away from zero
        }
    }
}
