package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.CudaKernels;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The same by {@code float8.cu}: numbers are read twice and written once, and gradients come side by side as they are. */
final class CudaFloat8 implements Float8 {

    private static final int EIGHT = 8;
    private static final int THREADS = 256;
    private static final int TILE = 64;

    /** Enough to fill the GPU; each goes over many numbers. */
    private static final int SEARCHING_BLOCKS = 1056;

    private final CudaKernels kernels;

    private CudaFloat8(CudaKernels kernels) {
        this.kernels = kernels;
    }

    /** Empty where kernels cannot be compiled. */
    static Optional<Float8> on(ComputeDevice.Cuda gpu) {
        return CudaKernels.compile(gpu, CudaFloat8.class, "float8.cu", CudaKernels.ADA)
                .map(CudaFloat8::new);
    }

    @Override
    public Scaled scaled(List<Tensor> parts, Kind kind) {
        Tensor first = parts.getFirst();
        long rows = first.size(0);
        long width = parts.stream().mapToLong(part -> part.size(1)).sum();
        TensorOptions options = first.options();
        Tensor most = torch.zeros(new long[] {1}, options.dtype(new ScalarTypeOptional(ScalarType.Float)));
        Tensor scale = torch.empty_like(most);
        Tensor values = torch.empty(new long[] {rows, width}, options.dtype(new ScalarTypeOptional(kind.type)), null);
        List<Tensor> each = parts.stream().map(CudaFloat8::inRows).toList();
        for (Tensor part : each) {
            long blocks = Math.min(SEARCHING_BLOCKS, blocks(part));
            kernels.launch("largest", blocks, THREADS, part, rows, part.size(1), part.stride(0), most);
        }
        long from = 0;
        for (Tensor part : each) {
            kernels.launch(
                    kind == Kind.GRADIENTS ? "wide" : "precise",
                    blocks(part),
                    THREADS,
                    part,
                    rows,
                    part.size(1),
                    part.stride(0),
                    most,
                    SMALLEST,
                    kind.largest,
                    scale,
                    values.narrow(1, from, part.size(1)),
                    width);
            from += part.size(1);
        }
        return new Scaled(values, scale.squeeze());
    }

    private static long blocks(Tensor part) {
        return Math.ceilDiv(part.numel() / EIGHT, THREADS);
    }

    /** As the kernels read: each row in one piece, 16 bytes at a time. */
    private static Tensor inRows(Tensor x) {
        boolean fits =
                x.stride(1) == 1 && x.stride(0) % EIGHT == 0 && x.data_ptr().address() % 16 == 0;
        return fits ? x : x.contiguous();
    }

    @Override
    public Tensor transposed(Tensor bytes) {
        int rows = Math.toIntExact(bytes.size(0));
        int columns = Math.toIntExact(bytes.size(1));
        Tensor out = torch.empty(new long[] {columns, rows}, bytes.options(), null);
        long tiles = (long) Math.ceilDiv(rows, TILE) * Math.ceilDiv(columns, TILE);
        kernels.launch("transposed", tiles, THREADS, bytes, out, rows, columns);
        return out;
    }
}
