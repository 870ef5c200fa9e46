package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.CudaKernels;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One kernel for each, {@code elementwise.cu}: a number is read once and written once, but for the loss, which reads its
 * logits twice. Only bfloat16, in rows whose widths are multiples of eight; what else comes is libtorch's.
 */
final class CudaElementwise implements Elementwise {

    private static final int EIGHT = 8;
    private static final int ALIGNMENT = 16;
    private static final int THREADS = 256;

    /** Threads that share a row of a norm or of logits; the kernels reckon with that many. */
    private static final int ROW_THREADS = 512;

    /** What they can hold of it. */
    private static final long WIDEST_NORM = 2 * EIGHT * ROW_THREADS;

    private final CudaKernels kernels;

    private CudaElementwise(CudaKernels kernels) {
        this.kernels = kernels;
    }

    /** Empty where kernels cannot be compiled. */
    static Optional<Elementwise> on(ComputeDevice.Cuda gpu) {
        return CudaKernels.compile(gpu, CudaElementwise.class, "elementwise.cu", CudaKernels.AMPERE)
                .map(CudaElementwise::new);
    }

    @Override
    public Tensor gated(Tensor gate, Tensor up) {
        if (!inRows(gate) || !inRows(up)) {
            return LIBTORCH.gated(gate, up);
        }
        Tensor out = torch.empty_like(gate).contiguous();
        long width = gate.size(-1) / EIGHT;
        long rows = gate.numel() / gate.size(-1);
        kernels.launch(
                "gated",
                blocks(rows * width),
                THREADS,
                gate,
                up,
                out,
                rows,
                width,
                gate.stride(-2) / EIGHT,
                up.stride(-2) / EIGHT);
        return out;
    }

    @Override
    public List<Tensor> gatedBack(Tensor gate, Tensor up, Tensor gradient) {
        if (!inRows(gate) || !inRows(up) || !inRows(gradient)) {
            return LIBTORCH.gatedBack(gate, up, gradient);
        }
        Tensor given = gradient.contiguous();
        Tensor gateGradient = torch.empty_like(given);
        Tensor upGradient = torch.empty_like(given);
        long width = gate.size(-1) / EIGHT;
        long rows = gate.numel() / gate.size(-1);
        kernels.launch(
                "gatedBack",
                blocks(rows * width),
                THREADS,
                gate,
                up,
                given,
                gateGradient,
                upGradient,
                rows,
                width,
                gate.stride(-2) / EIGHT,
                up.stride(-2) / EIGHT);
        return List.of(gateGradient, upGradient);
    }

    @Override
    public Tensor rotate(Tensor x, RotaryEmbedding.Angles angles) {
        Tensor cosine = angles.cosine();
        Tensor sine = angles.sine();
        if (!turns(x) || !aligned(cosine) || !cosine.is_contiguous() || !sine.is_contiguous()) {
            return LIBTORCH.rotate(x, angles);
        }
        long half = x.size(3) / 2 / EIGHT;
        Tensor out = torch.empty(new long[] {x.size(0), x.size(2), x.size(1), x.size(3)}, x.options(), null);
        kernels.launch(
                "rotate",
                blocks(x.size(0) * x.size(2) * x.size(1) * half),
                THREADS,
                x,
                cosine,
                sine,
                out,
                x.size(0),
                x.size(2),
                x.size(1),
                half,
                x.stride(0) / EIGHT,
                x.stride(2) / EIGHT,
                x.stride(1) / EIGHT,
                cosine.size(0) == 1 ? 0 : 1);
        return out.transpose(1, 2);
    }

    @Override
    public boolean goesBackThroughNorms(Tensor x) {
        return inRows(x) && x.is_contiguous() && x.size(2) <= WIDEST_NORM;
    }

    @Override
    public Tensor normBack(Tensor x, Tensor weight, double epsilon, Tensor gradient, Tensor past) {
        Tensor out = torch.empty_like(x);
        kernels.launch(
                "normBack",
                x.numel() / x.size(2),
                ROW_THREADS,
                x,
                weight.contiguous(),
                gradient.contiguous(),
                past.contiguous(),
                out,
                Math.toIntExact(x.size(2) / EIGHT),
                (float) epsilon);
        return out;
    }

    @Override
    public Tensor lossGradient(Tensor logits, TokenTargets targets, Tensor loss) {
        long rows = logits.size(0);
        long vocabulary = logits.size(1);
        long width = targets.ids().size(1);
        if (!aligned(logits) || !logits.is_contiguous() || vocabulary % EIGHT != 0 || width > ROW_THREADS) {
            return LIBTORCH.lossGradient(logits, targets, loss);
        }
        Tensor losses = torch.empty(new long[] {rows}, targets.weights().options(), null);
        kernels.launch(
                "lossGradient",
                rows,
                ROW_THREADS,
                logits,
                targets.ids(),
                targets.probabilities(),
                targets.weights(),
                losses,
                vocabulary / EIGHT,
                width);
        loss.add_(losses.sum());
        return logits;
    }

    private static long blocks(long threads) {
        return Math.ceilDiv(threads, THREADS);
    }

    /** Whether {@code [batch, time, width]} is rows at one distance. */
    private static boolean inRows(Tensor x) {
        return aligned(x)
                && x.size(2) % EIGHT == 0
                && x.stride(1) % EIGHT == 0
                && (x.size(0) == 1 || x.stride(0) == x.size(1) * x.stride(1));
    }

    /** Whether {@code [batch, heads, time, width]} is heads of halves that are multiples of eight. */
    private static boolean turns(Tensor x) {
        return aligned(x)
                && x.size(3) % (2 * EIGHT) == 0
                && x.stride(0) % EIGHT == 0
                && x.stride(1) % EIGHT == 0
                && x.stride(2) % EIGHT == 0;
    }

    /** Whether the kernels can read its numbers, eight at a time. */
    static boolean aligned(Tensor x) {
        // What libtorch answers with is an object of its own until it is interned.
        return x.scalar_type().intern() == ScalarType.BFloat16
                && x.stride(-1) == 1
                && x.data_ptr().address() % ALIGNMENT == 0;
    }
}
