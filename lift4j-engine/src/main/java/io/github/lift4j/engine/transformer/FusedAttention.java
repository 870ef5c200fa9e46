package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.Operator;
import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention by libtorch's fused kernel (FlashAttention on a GPU): the scores of a pass, quadratic in its length, never
 * exist at once, neither on the way forward nor back.
 */
final class FusedAttention {

    private FusedAttention() {}

    /** Whether FlashAttention takes heads of that width. */
    static boolean flashes(int headWidth) {
        return headWidth % 8 == 0 && headWidth <= 256;
    }

    /**
     * {@code q [batch, heads, time, width]}, k and v {@code [batch, keyValueHeads, keys, width]} to
     * {@code [batch, time, heads * width]}.
     *
     * @param mask added to the scores of the newest {@code n} keys, {@code [group * time, n]}; empty where each query may
     *     look at itself and all before it: the queries are the newest of the keys' sequence
     */
    static Tensor attend(Tensor q, Tensor k, Tensor v, Optional<Tensor> mask) {
        Tensor mixed = mask.isPresent()
                ? fused(
                        q,
                        repeated(k, q.size(1)),
                        repeated(v, q.size(1)),
                        new TensorOptional(whole(mask.get(), q.size(2), k.size(2))))
                : fused(q, k, v, new TensorOptional());
        return mixed.transpose(1, 2).reshape(q.size(0), q.size(2), -1);
    }

    /** FlashAttention lets key-value heads serve several query heads; the kernel that takes a mask does not. */
    private static Tensor fused(Tensor q, Tensor k, Tensor v, TensorOptional mask) {
        if (!mask.has_value() && q.size(2) > 1 && q.size(2) < k.size(2)) {
            return newest(q, k, v);
        }
        return torch.scaled_dot_product_attention(
                q, k, v, mask, 0, !mask.has_value() && q.size(2) > 1, new DoubleOptional(), q.size(1) != k.size(1));
    }

    /**
     * The newest queries of a longer sequence. FlashAttention lets the last query see the last key; libtorch's own entry
     * counts from the first of both, and hands such a pass to a kernel that wants a mask of all queries by all keys.
     */
    private static Tensor newest(Tensor q, Tensor k, Tensor v) {
        return Flash.OPERATOR
                .call(
                        new IValue(q),
                        new IValue(k),
                        new IValue(v),
                        new IValue(0.0), // dropout
                        new IValue(true), // causal
                        new IValue(false), // no debugging
                        new IValue()) // the usual scale
                .get(0)
                .toTensor();
    }

    /** Found when a GPU first wants it: every layer of every chunk calls it. */
    private static final class Flash {
        static final Operator OPERATOR = Operator.named("aten::_scaled_dot_product_flash_attention");
    }

    /** Each key-value head once for every query head that it serves. */
    private static Tensor repeated(Tensor x, long heads) {
        long group = heads / x.size(1);
        return group == 1
                ? x
                : x.unsqueeze(2)
                        .expand(x.size(0), x.size(1), group, x.size(2), x.size(3))
                        .reshape(x.size(0), heads, x.size(2), x.size(3));
    }

    /** {@code [time, keys]}: older keys than the mask speaks of are open to all queries. */
    private static Tensor whole(Tensor newest, long time, long keys) {
        Tensor one = newest.narrow(0, 0, time);
        long older = keys - one.size(1);
        return older == 0
                ? one
                : torch.cat(new TensorVector(torch.zeros(new long[] {time, older}, one.options()), one), 1);
    }
}
