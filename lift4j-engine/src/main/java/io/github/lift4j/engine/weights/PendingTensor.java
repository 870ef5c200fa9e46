package io.github.lift4j.engine.weights;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A tensor that is made when its turn to be written comes, so that no more than one is held at a time. */
record PendingTensor(String name, long[] shape, Supplier<Tensor> tensor) {

    private static final long CHUNK_BYTES = 64L << 20;

    /** Turns the elements of a part of the tensor into what is stored of them. */
    @FunctionalInterface
    interface Encoding {

        ByteBuffer of(MemorySegment part);
    }

    long elements() {
        return Shapes.elements(shape);
    }

    /** Writes the elements one after another in this type. */
    void write(FileChannel channel, ScalarType type) throws IOException {
        write(channel, type, MemorySegment::asByteBuffer);
    }

    /** The same for what is stored otherwise; a part's size in bytes is a power of two or the rest. */
    void write(FileChannel channel, ScalarType type, Encoding encoding) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Tensor made = tensor.get();
            if (!Arrays.equals(CpuTensor.shape(made), shape)) {
                throw new IllegalArgumentException("The tensor " + name + " was announced with the shape "
                        + Arrays.toString(shape) + " but has " + Arrays.toString(CpuTensor.shape(made)));
            }
            Tensor stored = made.detach().to(type).cpu().contiguous();
            MemorySegment memory = CpuTensor.memory(stored);
            for (long offset = 0; offset < memory.byteSize(); offset += CHUNK_BYTES) {
                long count = Math.min(CHUNK_BYTES, memory.byteSize() - offset);
                writeFully(channel, encoding.of(memory.asSlice(offset, count)));
            }
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
