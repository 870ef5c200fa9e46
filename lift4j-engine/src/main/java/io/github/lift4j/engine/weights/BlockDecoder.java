package io.github.lift4j.engine.weights;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Dequantises whole blocks, as ggml's {@code dequantize_row_*} do: the same operations in the same order on 32-bit
 * floats, so that the values agree to the last bit.
 *
 * <p>Below, {@code d} is a block's scale, {@code m} its minimum, {@code q} an element's small integer.
 */
@FunctionalInterface
interface BlockDecoder {

    /** The elements of a K-quant's super-block. */
    int SUPER_BLOCK = 256;

    VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    /** Decodes {@code blocks} blocks from the start of {@code in} to the start of {@code out}. */
    void decode(byte[] in, int blocks, float[] out);

    private static float half(byte[] in, int at) {
        return Float.float16ToFloat((short) SHORT.get(in, at));
    }

    static void f32(byte[] in, int blocks, float[] out) {
        for (int i = 0; i < blocks; i++) {
            out[i] = Float.intBitsToFloat((int) INT.get(in, 4 * i));
        }
    }

    static void f16(byte[] in, int blocks, float[] out) {
        for (int i = 0; i < blocks; i++) {
            out[i] = half(in, 2 * i);
        }
    }

    static void bf16(byte[] in, int blocks, float[] out) {
        for (int i = 0; i < blocks; i++) {
            out[i] = Float.intBitsToFloat((short) SHORT.get(in, 2 * i) << 16);
        }
    }

    /** {@code d * (q - 8)}; bytes hold element j in the low and j + 16 in the high half. */
    static void q4_0(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 18;
            int to = block * 32;
            float d = half(in, at);
            for (int j = 0; j < 16; j++) {
                int pair = in[at + 2 + j];
                out[to + j] = d * ((pair & 0xF) - 8);
                out[to + j + 16] = d * (((pair >> 4) & 0xF) - 8);
            }
        }
    }

    /** {@code d * q + m}. */
    static void q4_1(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 20;
            int to = block * 32;
            float d = half(in, at);
            float m = half(in, at + 2);
            for (int j = 0; j < 16; j++) {
                int pair = in[at + 4 + j];
                out[to + j] = d * (pair & 0xF) + m;
                out[to + j + 16] = d * ((pair >> 4) & 0xF) + m;
            }
        }
    }

    /** {@code d * (q - 16)}; the fifth bits of all elements stand in one 32-bit word. */
    static void q5_0(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 22;
            int to = block * 32;
            float d = half(in, at);
            int high = (int) INT.get(in, at + 2);
            for (int j = 0; j < 16; j++) {
                int pair = in[at + 6 + j];
                out[to + j] = d * ((pair & 0xF | (high >> j & 1) << 4) - 16);
                out[to + j + 16] = d * ((pair >> 4 & 0xF | (high >> j + 16 & 1) << 4) - 16);
            }
        }
    }

    /** {@code d * q + m}. */
    static void q5_1(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 24;
            int to = block * 32;
            float d = half(in, at);
            float m = half(in, at + 2);
            int high = (int) INT.get(in, at + 4);
            for (int j = 0; j < 16; j++) {
                int pair = in[at + 8 + j];
                out[to + j] = d * (pair & 0xF | (high >> j & 1) << 4) + m;
                out[to + j + 16] = d * (pair >> 4 & 0xF | (high >> j + 16 & 1) << 4) + m;
            }
        }
    }

    /** {@code d * q}. */
    static void q8_0(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 34;
            int to = block * 32;
            float d = half(in, at);
            for (int j = 0; j < 32; j++) {
                out[to + j] = d * in[at + 2 + j];
            }
        }
    }

    /** 8 sub-blocks of 32 with 6-bit scales and minima of their own: {@code (d * scale) * q - (dmin * minimum)}. */
    static void q4K(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 144;
            float d = half(in, at);
            float dmin = half(in, at + 2);
            for (int sub = 0; sub < 8; sub++) {
                float scale = d * scale(in, at + 4, sub);
                float minimum = dmin * minimum(in, at + 4, sub);
                int low = at + 16 + sub / 2 * 32;
                int shift = sub % 2 * 4;
                int to = block * SUPER_BLOCK + sub * 32;
                for (int j = 0; j < 32; j++) {
                    out[to + j] = scale * (in[low + j] >> shift & 0xF) - minimum;
                }
            }
        }
    }

    /** As Q4_K, with the fifth bit of sub-block s in bit s of 32 further bytes. */
    static void q5K(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 176;
            float d = half(in, at);
            float dmin = half(in, at + 2);
            int high = at + 16;
            for (int sub = 0; sub < 8; sub++) {
                float scale = d * scale(in, at + 4, sub);
                float minimum = dmin * minimum(in, at + 4, sub);
                int low = at + 48 + sub / 2 * 32;
                int shift = sub % 2 * 4;
                int to = block * SUPER_BLOCK + sub * 32;
                for (int j = 0; j < 32; j++) {
                    int q = in[low + j] >> shift & 0xF | (in[high + j] >> sub & 1) << 4;
                    out[to + j] = scale * q - minimum;
                }
            }
        }
    }

    /** 16 sub-blocks of 16 with 8-bit scales: {@code (d * scale) * (q - 32)}; q's upper 2 bits stand apart. */
    static void q6K(byte[] in, int blocks, float[] out) {
        for (int block = 0; block < blocks; block++) {
            int at = block * 210;
            float d = half(in, at + 208);
            for (int sub = 0; sub < 16; sub++) {
                float scale = d * in[at + 192 + sub];
                int half = sub / 8; // each half of the block has 64 low and 32 high bytes: four runs of 32 elements
                int run = sub % 8 / 2;
                int within = sub % 2 * 16;
                int low = at + half * 64 + run % 2 * 32 + within;
                int high = at + 128 + half * 32 + within;
                int lowShift = run / 2 * 4;
                int highShift = run * 2;
                int to = block * SUPER_BLOCK + sub * 16;
                for (int j = 0; j < 16; j++) {
                    int q = in[low + j] >> lowShift & 0xF | (in[high + j] >> highShift & 3) << 4;
                    out[to + j] = scale * (q - 32);
                }
            }
        }
    }

    /** The 6-bit scale of sub-block {@code sub}: the last four keep their upper two bits above the first four. */
    private static int scale(byte[] in, int at, int sub) {
        return sub < 4 ? in[at + sub] & 0x3F : in[at + sub + 4] & 0xF | in[at + sub - 4] >> 2 & 0x30;
    }

    private static int minimum(byte[] in, int at, int sub) {
        return sub < 4 ? in[at + sub + 4] & 0x3F : in[at + sub + 4] >> 4 & 0xF | in[at + sub] >> 2 & 0x30;
    }
}
