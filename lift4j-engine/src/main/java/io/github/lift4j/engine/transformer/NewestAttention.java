package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.CudaKernels;
import java.util.Optional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention of the newest token of each row by {@code attention.cu}: one kernel, or two where few rows are shared out among
 * many blocks, instead of some ten, and only what is filled of a cache's room is read. Between two tokens nothing changes
 * but what lies in the memory of {@link KeyValueCache.Place}.
 *
 * @param group query heads of a key-value head
 */
record NewestAttention(CudaKernels kernels, ModelConfig config, int group) {

    private static final int MOST_GROUP = 8;
    private static final int NARROWEST = 8;
    private static final int WIDEST = 256;
    private static final int THREADS = 128;

    /** Enough blocks to keep a GPU's memory busy, and of how many shares one head's may consist. */
    private static final long BLOCKS = 512;

    private static final long MOST_SPLITS = 32;

    /** Rows times tokens of their prefix: each row reads it for itself, so that more is faster in one product for all. */
    private static final long MOST_PREFIX = 1 << 15;

    /** Empty where there is no kernel for the model or the device. */
    static Optional<NewestAttention> of(ModelConfig config, ComputeDevice device, ComputeType type) {
        int group = config.heads() / config.keyValueHeads();
        int width = config.headWidth();
        boolean fits = group <= MOST_GROUP
                && Integer.bitCount(width) == 1
                && width >= NARROWEST
                && width <= WIDEST
                && type.scalarType() == ScalarType.BFloat16;
        return fits && device instanceof ComputeDevice.Cuda gpu
                ? CudaKernels.compile(gpu, CudaKernels.AMPERE, NewestAttention.class, "numbers.cu", "attention.cu")
                        .map(kernels -> new NewestAttention(kernels, config, group))
                : Optional.empty();
    }

    /** Whether it is for rows with such a prefix. */
    boolean attends(KeyValueCache cache) {
        return cache.rows() * cache.prefixLength() <= MOST_PREFIX;
    }

    /**
     * Turns queries and keys, keeps keys and values in the pass's column, and attends.
     *
     * @param q {@code [rows, heads, 1, width]}, not turned yet
     * @param k {@code [rows, keyValueHeads, 1, width]}, likewise
     * @param v shaped as k
     * @return {@code [rows, 1, heads * width]}
     */
    Tensor attend(Tensor q, Tensor k, Tensor v, KeyValueCache.Layer layer, Pass pass) {
        long rows = q.size(0);
        long width = q.size(3);
        long splits = Math.clamp(BLOCKS / (rows * k.size(1)), 1, MOST_SPLITS);
        Tensor out = torch.empty(new long[] {rows, 1, q.size(1) * width}, q.options(), null);
        Tensor shares = torch.empty(
                new long[] {splits == 1 ? 0 : rows * q.size(1) * splits * (width + 2)},
                q.options().dtype(new ScalarTypeOptional(ScalarType.Float)),
                null);
        launch(heads(q), heads(k), heads(v), layer, pass, out, shares, Math.toIntExact(splits));
        if (splits > 1) {
            kernels.launch(
                    "merge",
                    rows * q.size(1),
                    Math.toIntExact(width),
                    shares,
                    out,
                    Math.toIntExact(width),
                    Math.toIntExact(splits));
        }
        return out;
    }

    private void launch(
            Tensor q, Tensor k, Tensor v, KeyValueCache.Layer layer, Pass pass, Tensor out, Tensor shares, int splits) {
        Tensor keys = layer.storedKeys();
        Tensor prefixKeys = layer.prefixKeys().orElse(keys);
        Tensor prefixValues = layer.prefixValues().orElse(layer.storedValues());
        KeyValueCache.Place place = pass.place().orElseThrow();
        kernels.launch(
                "attend" + group,
                q.size(0) * k.size(1) * splits,
                THREADS,
                q,
                k,
                v,
                pass.angles().cosine(),
                pass.angles().sine(),
                keys,
                layer.storedValues(),
                prefixKeys,
                prefixValues,
                place.column(),
                place.padding(),
                out,
                shares,
                q.stride(0),
                k.stride(0),
                v.stride(0),
                keys.stride(0),
                keys.stride(1),
                prefixKeys.stride(1),
                layer.prefixKeys().map(prefix -> prefix.size(2)).orElse(0L),
                (long) config.slidingWindow().orElse(0),
                Math.toIntExact(k.size(1)),
                Math.toIntExact(q.size(3)),
                splits,
                pass.angles().cosine().size(0) == 1 ? 0 : 1,
                (float) (1 / Math.sqrt(q.size(3))));
    }

    /** A row's heads one behind the other, as the kernel reads them. */
    private static Tensor heads(Tensor x) {
        return x.stride(1) == x.size(3) && x.stride(3) == 1 && CudaElementwise.aligned(x) ? x : x.contiguous();
    }
}
