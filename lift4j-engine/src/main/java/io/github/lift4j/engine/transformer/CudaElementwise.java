package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.CudaKernels;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.ScalarTypeOptional;
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

    private static final int WARP = 32;

    /** Blocks of rows that sum the gradient of a norm's weight, each for itself, before they are summed. */
    private static final long SHARES = 1024;

    /** What they can hold of it. */
    private static final long WIDEST_NORM = 2 * EIGHT * ROW_THREADS;

    private final CudaKernels kernels;

    private CudaElementwise(CudaKernels kernels) {
        this.kernels = kernels;
    }

    /** Empty where kernels cannot be compiled. */
    static Optional<Elementwise> on(ComputeDevice.Cuda gpu) {
        return CudaKernels.compile(gpu, CudaKernels.AMPERE, CudaElementwise.class, "numbers.cu", "elementwise.cu")
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
        List<Tensor> both = Elementwise.besideEachOther(given);
        long width = gate.size(-1) / EIGHT;
        long rows = gate.numel() / gate.size(-1);
        kernels.launch(
                "gatedBack",
                blocks(rows * width),
                THREADS,
                gate,
                up,
                given,
                both.get(0),
                both.get(1),
                rows,
                width,
                gate.stride(-2) / EIGHT,
                up.stride(-2) / EIGHT);
        return both;
    }

    @Override
    public Tensor rotate(Tensor x, RotaryEmbedding.Angles angles) {
        if (!turns(x) || !angles(angles)) {
            return LIBTORCH.rotate(x, angles);
        }
        Tensor out = torch.empty(new long[] {x.size(0), x.size(2), x.size(1), x.size(3)}, x.options(), null)
                .transpose(1, 2);
        turn(x, angles, 1, out);
        return out;
    }

    @Override
    public void rotateBack(Tensor gradient, RotaryEmbedding.Angles angles, Tensor into) {
        if (turns(gradient) && turns(into) && angles(angles)) {
            turn(gradient, angles, -1, into);
        } else {
            LIBTORCH.rotateBack(gradient, angles, into);
        }
    }

    /** @param direction 1 or, the way back, -1 */
    private void turn(Tensor x, RotaryEmbedding.Angles angles, int direction, Tensor out) {
        long half = x.size(3) / 2 / EIGHT;
        kernels.launch(
                "rotate",
                blocks(x.size(0) * x.size(2) * x.size(1) * half),
                THREADS,
                x,
                angles.cosine(),
                angles.sine(),
                out,
                x.size(0),
                x.size(2),
                x.size(1),
                half,
                x.stride(0) / EIGHT,
                x.stride(2) / EIGHT,
                x.stride(1) / EIGHT,
                out.stride(0) / EIGHT,
                out.stride(2) / EIGHT,
                out.stride(1) / EIGHT,
                angles.cosine().size(0) == 1 ? 0 : 1,
                (float) direction);
    }

    @Override
    public Tensor normBack(
            Tensor x, Tensor weight, double epsilon, Tensor gradient, Tensor past, Optional<Tensor> weightGradient) {
        long width = x.size(2);
        if (!inRows(x) || !x.is_contiguous() || width > WIDEST_NORM) {
            return LIBTORCH.normBack(x, weight, epsilon, gradient, past, weightGradient);
        }
        long rows = x.numel() / width;
        int eights = Math.toIntExact(width / EIGHT);
        long blocks = weightGradient.isPresent() ? Math.min(rows, SHARES) : rows;
        Tensor shares = torch.empty(
                new long[] {weightGradient.isPresent() ? blocks : 0, width},
                x.options().dtype(new ScalarTypeOptional(ScalarType.Float)),
                null);
        Tensor out = torch.empty_like(x);
        kernels.launch(
                "normBack",
                blocks,
                Math.min(ROW_THREADS, Math.ceilDiv(eights, WARP) * WARP),
                x,
                weight.contiguous(),
                gradient.contiguous(),
                past.contiguous(),
                out,
                shares,
                rows,
                eights,
                (float) epsilon,
                weightGradient.isPresent() ? 1 : 0);
        weightGradient.ifPresent(sum -> sum.add_(shares.sum(0)));
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

    private static boolean angles(RotaryEmbedding.Angles angles) {
        return aligned(angles.cosine())
                && aligned(angles.sine())
                && angles.cosine().is_contiguous()
                && angles.sine().is_contiguous();
    }

    /** Whether the kernels can read its numbers, eight at a time. */
    static boolean aligned(Tensor x) {
        // What libtorch answers with is an object of its own until it is interned.
        return x.scalar_type().intern() == ScalarType.BFloat16
                && x.stride(-1) == 1
                && x.data_ptr().address() % ALIGNMENT == 0;
    }
}
