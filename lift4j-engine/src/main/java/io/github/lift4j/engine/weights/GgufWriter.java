package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Writes a GGUF file of version 3 that llama.cpp and {@link Gguf} read.
 *
 * <p>One tensor at a time is fetched, converted and written, so that writing a model takes little more memory than its
 * largest tensor. The file appears under its name only when it is complete and on disk; a failure leaves what was there
 * before. Not thread-safe.
 */
public final class GgufWriter {

    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;

    private final Map<String, byte[]> pairs = new LinkedHashMap<>();
    private final Map<String, Pending> tensors = new LinkedHashMap<>();

    private record Pending(PendingTensor made, GgmlType type) {

        long bytes() {
            return made.elements() / type.blockElements() * type.blockBytes();
        }

        void write(FileChannel channel) throws IOException {
            switch (type) {
                case F32 -> made.write(channel, ScalarType.Float);
                case F16 -> made.write(channel, ScalarType.Half);
                case BF16 -> made.write(channel, ScalarType.BFloat16);
                case Q8_0 -> made.write(channel, ScalarType.Float, BlockEncoder::q8_0);
                default -> throw new IllegalStateException("accepted " + type);
            }
        }
    }

    /**
     * Sets a metadata key, in the place of what it had.
     *
     * @param value a String, Boolean, Integer (unsigned, 32 bits), Float, {@code int[]} (signed), {@code float[]} or a
     *     list of Strings
     * @throws IllegalArgumentException for another value
     */
    public GgufWriter put(String key, Object value) {
        Encoder encoder = new Encoder();
        encoder.string(key);
        encoder.value(value);
        pairs.put(key, encoder.toByteArray());
        return this;
    }

    /** Sets a metadata key to what another file has, to the byte. */
    public GgufWriter copy(String key, Gguf from) {
        pairs.put(key, from.pair(key));
        return this;
    }

    /**
     * Adds a tensor that is made when its turn comes, see {@link SafetensorsWriter#add}.
     *
     * @param type to store it in: F32, F16, BF16 or Q8_0
     * @param shape that the made tensor will have, outermost dimension first; its rows hold whole blocks of the type
     * @throws IllegalArgumentException where the name was added before or the tensor cannot be stored so
     */
    public GgufWriter add(String name, GgmlType type, long[] shape, Supplier<Tensor> tensor) {
        boolean stored = switch (type) {
            case F32, F16, BF16, Q8_0 -> shape[shape.length - 1] % type.blockElements() == 0;
            default -> false;
        };
        Pending pending = new Pending(new PendingTensor(name, shape.clone(), tensor), type);
        if (!stored || tensors.putIfAbsent(name, pending) != null) {
            throw new IllegalArgumentException("A tensor named " + name + " cannot be added (again) as " + type);
        }
        return this;
    }

    /**
     * Writes everything, replacing {@code file} if it exists. The folder must exist.
     *
     * @throws LiftException where the file cannot be written (no space, no permission) or the thread is interrupted;
     *     {@code file} is then as it was
     */
    public void write(Path file) {
        ByteBuffer header = ByteBuffer.wrap(header());
        AtomicFile.writeRaw(file, channel -> {
            PendingTensor.writeFully(channel, header);
            for (Pending tensor : tensors.values()) {
                PendingTensor.writeFully(channel, ByteBuffer.allocate(padding(channel.position())));
                tensor.write(channel);
            }
            PendingTensor.writeFully(channel, ByteBuffer.allocate(padding(channel.position())));
        });
    }

    /** Up to the first tensor, padded. */
    private byte[] header() {
        Encoder header = new Encoder();
        header.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        header.int32(VERSION);
        header.int64(tensors.size());
        header.int64(pairs.size());
        pairs.values().forEach(header::writeBytes);
        long offset = 0;
        for (Pending tensor : tensors.values()) {
            header.string(tensor.made().name());
            long[] shape = tensor.made().shape();
            header.int32(shape.length);
            for (int i = shape.length - 1; i >= 0; i--) {
                header.int64(shape[i]);
            }
            header.int32(tensor.type().id());
            header.int64(offset);
            offset += tensor.bytes() + padding(tensor.bytes());
        }
        header.writeBytes(new byte[padding(header.size())]);
        return header.toByteArray();
    }

    private static int padding(long position) {
        return (int) (-position & (ALIGNMENT - 1));
    }

    /** Numbers with the lowest byte first, and what is made of them. */
    private static final class Encoder extends ByteArrayOutputStream {

        void int32(int value) {
            writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
        }

        void int64(long value) {
            writeBytes(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
        }

        void string(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int64(bytes.length);
            writeBytes(bytes);
        }

        /** A value behind the number of its type. */
        void value(Object value) {
            switch (value) {
                case Integer number -> {
                    int32(4);
                    int32(number);
                }
                case Float number -> {
                    int32(6);
                    int32(Float.floatToIntBits(number));
                }
                case Boolean flag -> {
                    int32(7);
                    write(flag ? 1 : 0);
                }
                case String text -> {
                    int32(8);
                    string(text);
                }
                case int[] numbers -> {
                    array(5, numbers.length);
                    for (int number : numbers) {
                        int32(number);
                    }
                }
                case float[] numbers -> {
                    array(6, numbers.length);
                    for (float number : numbers) {
                        int32(Float.floatToIntBits(number));
                    }
                }
                case List<?> texts -> {
                    array(8, texts.size());
                    texts.forEach(text -> string((String) text));
                }
                default -> throw new IllegalArgumentException("GGUF metadata cannot be " + value.getClass());
            }
        }

        private void array(int type, int length) {
            int32(9);
            int32(type);
            int64(length);
        }
    }
}
