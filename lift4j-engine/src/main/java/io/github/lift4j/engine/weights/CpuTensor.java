package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.LiftException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Contiguous tensors in main memory, and the bytes behind them. */
final class CpuTensor {

    private CpuTensor() {}

    /** An uninitialised contiguous tensor of this shape, attached to the caller's innermost scope if there is one. */
    static Tensor allocate(String name, long[] shape, ScalarType type) {
        try (TensorOptions options = new TensorOptions(type)) {
            return torch.empty(shape, options, null);
        } catch (RuntimeException e) { // libtorch's allocator throws a plain runtime exception
            throw new LiftException(
                    "There is not enough memory for the tensor " + name + " of shape " + Arrays.toString(shape)
                            + "; close other programs or choose a smaller model.",
                    e);
        }
    }

    static long[] shape(Tensor tensor) {
        long[] shape = new long[Math.toIntExact(tensor.dim())];
        Arrays.setAll(shape, tensor::size);
        return shape;
    }

    /** The memory of a contiguous tensor; valid while the tensor is open. */
    @SuppressWarnings("restricted")
    static MemorySegment memory(Tensor tensor) {
        long bytes = tensor.nbytes();
        if (bytes == 0) { // libtorch gives no address for nothing
            return MemorySegment.NULL;
        }
        try (Pointer data = tensor.data_ptr()) {
            return MemorySegment.ofAddress(data.address()).reinterpret(bytes);
        }
    }

    /** {@code tensor} after {@code fill} wrote its memory; closed where that fails. */
    static Tensor filled(Tensor tensor, Consumer<MemorySegment> fill) {
        try {
            fill.accept(memory(tensor));
            return tensor;
        } catch (RuntimeException | Error e) {
            tensor.close();
            throw e;
        }
    }

    /** {@code raw} in another type; {@code raw} is closed. */
    static Tensor converted(Tensor raw, ScalarType type) {
        if (raw.scalar_type().value == type.value) {
            return raw;
        }
        try (raw) {
            return raw.to(type);
        }
    }
}
