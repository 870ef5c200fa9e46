package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.CudaKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The same by {@code float8.cu}, from Hopper on with a scale for every row of activations and gradients: their numbers are read once and
 * written once, and gradients come side by side as they are.
 */
final class CudaFloat8 implements Float8 {

    private static final int EIGHT = 8;
    private static final int THREADS = 256;
    private static final int TILE = 64;
    private static final int WARP = 32;
    private static final int SIXTEEN = 16;

    /** Above this many rows weights are widened first: each eight rows read them once. */
    private static final int MOST_ROWS = 32;

    /** Threads that share a row. */
    private static final int ROW_THREADS = 512;

    /** What they can hold of it, and of how many tensors. */
    private static final long WIDEST_ROW = 8 * EIGHT * ROW_THREADS;

    private static final int MOST_PARTS = 3;

    /** Enough to fill the GPU; each goes over many numbers. */
    private static final int SEARCHING_BLOCKS = 1056;

    private final CudaKernels kernels;
    /** Whether products take a scale a row. */
    private final boolean scalesRows;

    private CudaFloat8(CudaKernels kernels, boolean scalesRows) {
        this.kernels = kernels;
        this.scalesRows = scalesRows;
    }

    /** Empty where kernels cannot be compiled. */
    static Optional<Float8> on(ComputeDevice.Cuda gpu) {
        return CudaKernels.compile(gpu, CudaKernels.ADA, CudaFloat8.class, "numbers.cu", "float8.cu")
                .map(kernels -> new CudaFloat8(kernels, CudaKernels.generation(gpu) >= CudaKernels.HOPPER));
    }

    @Override
    public Scaled scaled(List<Tensor> parts, Kind kind) {
        long width = parts.stream().mapToLong(part -> part.size(1)).sum();
        return !scalesRows || kind == Kind.WEIGHTS || width > WIDEST_ROW || parts.size() > MOST_PARTS
                ? together(parts, kind, width)
                : byRows(parts, kind, width);
    }

    private Scaled byRows(List<Tensor> parts, Kind kind, long width) {
        List<Tensor> each = parts.stream().map(CudaFloat8::inRows).toList();
        long rows = each.getFirst().size(0);
        Tensor scale = empty(each.getFirst(), ScalarType.Float, rows, 1);
        Tensor values = empty(each.getFirst(), kind.type, rows, width);
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < MOST_PARTS; i++) {
            Tensor part = each.get(Math.min(i, each.size() - 1));
            arguments.addAll(List.of(part, i < each.size() ? part.size(1) / EIGHT : 0L, part.stride(0)));
        }
        arguments.addAll(List.of(SMALLEST, kind.largest, scale, values));
        kernels.launch(kind == Kind.GRADIENTS ? "wideRows" : "preciseRows", rows, ROW_THREADS, arguments.toArray());
        return new Scaled(values, scale);
    }

    private Scaled together(List<Tensor> parts, Kind kind, long width) {
        long rows = parts.getFirst().size(0);
        Tensor most = empty(parts.getFirst(), ScalarType.Float, 1).zero_();
        Tensor scale = torch.empty_like(most);
        Tensor values = empty(parts.getFirst(), kind.type, rows, width);
        List<Tensor> each = parts.stream().map(CudaFloat8::inRows).toList();
        for (Tensor part : each) {
            long blocks = Math.min(SEARCHING_BLOCKS, blocks(part));
            kernels.launch("largest", blocks, THREADS, part, rows, part.size(1), part.stride(0), most);
        }
        long from = 0;
        for (Tensor part : each) {
            kernels.launch(
                    kind == Kind.GRADIENTS ? "wideRange" : "precise",
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

    /** Few rows are multiplied by the weights as they are stored, eight rows at a time: what is read least often is widened. */
    @Override
    public Tensor times(Tensor input, Tensor stored, Tensor scale, TensorOptional bias) {
        long width = stored.size(1);
        long rows = input.numel() / width;
        if (rows > MOST_ROWS || GradMode.is_enabled()) {
            return Float8.super.times(input, stored, scale, bias);
        }
        Tensor x = inRows(input.reshape(-1, width));
        Tensor out = empty(x, ScalarType.BFloat16, rows, stored.size(0));
        for (long from = 0; from < rows; from += EIGHT) {
            long some = Math.min(EIGHT, rows - from);
            kernels.launch(
                    "times" + some,
                    Math.ceilDiv(stored.size(0) * WARP, THREADS),
                    THREADS,
                    stored,
                    x.narrow(0, from, some),
                    out.narrow(0, from, some),
                    scale,
                    stored.size(0),
                    width / SIXTEEN,
                    x.stride(0));
        }
        if (bias.has_value()) {
            out.add_(bias.get());
        }
        long[] shape = input.sizes().vec().get();
        shape[shape.length - 1] = stored.size(0);
        return out.view(shape);
    }

    private static Tensor empty(Tensor like, ScalarType type, long... shape) {
        return torch.empty(shape, like.options().dtype(new ScalarTypeOptional(type)), null);
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
