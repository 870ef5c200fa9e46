package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.CudaKernels;
import io.github.lift4j.engine.runtime.Operator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Causal attention by cuDNN, which from Hopper on takes half of FlashAttention 2's time, forward and back. It plans anew for
 * every shape, a tenth of a second or so: this is for training, whose shapes come again, and for long texts, which are read in
 * {@linkplain PiecewiseAttention pieces} whose shapes do.
 */
final class CudnnAttention {

    private static final Logger LOG = LoggerFactory.getLogger(CudnnAttention.class);

    private static final int WIDEST_HEAD = 128;

    private static final PiecewiseAttention IN_PIECES = new PiecewiseAttention(CudnnAttention::mixed);

    private static final Map<Integer, Boolean> WORKS = new ConcurrentHashMap<>();

    private CudnnAttention() {}

    /** Whether it takes a model's passes here: the machine brings its own cuDNN, and an older one may not do. */
    static boolean attends(ComputeDevice device, ComputeType type, int headWidth) {
        return device instanceof ComputeDevice.Cuda gpu
                && type != ComputeType.FLOAT32
                && headWidth % 8 == 0
                && headWidth <= WIDEST_HEAD
                && WORKS.computeIfAbsent(gpu.index(), index -> works(gpu));
    }

    private static boolean works(ComputeDevice.Cuda gpu) {
        if (!Context.hasCuDNN() || CudaKernels.generation(gpu) < CudaKernels.HOPPER) {
            return false;
        }
        try (PointerScope scope = new PointerScope();
                AutoGradMode on = new AutoGradMode(true)) {
            TensorOptions options = new TensorOptions(gpu.handle());
            Tensor queries = torch.ones(new long[] {1, 2, 64, 64}, options).to(ScalarType.BFloat16);
            Tensor keys = torch.ones(new long[] {1, 1, 64, 64}, options).to(ScalarType.BFloat16);
            queries.set_requires_grad(true);
            Tensor mixed = attend(queries, keys, keys);
            mixed.sum().backward();
            return Math.abs(mixed.mean().item_double() - 1) < 0.01;
        } catch (RuntimeException e) {
            LOG.info("cuDNN does not attend here, FlashAttention does: {}", e.getMessage());
            return false;
        }
    }

    /**
     * {@code q [batch, heads, time, width]}, k and v {@code [batch, keyValueHeads, keys, width]} to {@code [batch, time, heads *
     * width]}: the queries are of the newest keys, and each looks at itself and all before it.
     */
    static Tensor attend(Tensor q, Tensor k, Tensor v) {
        return Attention.joined(q.size(2) == k.size(2) ? mixed(q, k, v, true).values() : IN_PIECES.attend(q, k, v));
    }

    private static PiecewiseAttention.Mixed mixed(Tensor q, Tensor k, Tensor v, boolean causal) {
        IValueVector results = Cudnn.OPERATOR.call(
                new IValue(q),
                new IValue(k),
                new IValue(v),
                new IValue(), // no mask
                new IValue(true), // the sums, which the way back needs, too
                new IValue(0.0), // dropout
                new IValue(causal),
                new IValue(false), // no debugging
                new IValue()); // the usual scale
        Tensor values = results.get(0).toTensor();
        Tensor logSums = results.get(1).toTensor().view(q.size(0), q.size(1), q.size(2), 1);
        return new PiecewiseAttention.Mixed(values, logSums);
    }

    /** Found when a GPU first wants it. */
    private static final class Cudnn {
        static final Operator OPERATOR = Operator.named("aten::_scaled_dot_product_cudnn_attention");
    }
}
