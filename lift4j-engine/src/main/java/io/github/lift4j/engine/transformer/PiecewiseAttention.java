package io.github.lift4j.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Attention of the newest tokens of a long text by a kernel that is planned for each shape, and knows no mask for the newest
 * part: their own keys and the older ones apart, the latter in pieces of few sizes, each twice the next. What comes of the
 * pieces is weighted by their shares of the softmax's denominator (as blocks are in FlashAttention, Dao et al. 2022, 3.1).
 */
record PiecewiseAttention(Kernel kernel) {

    /** Attention to some keys. */
    interface Kernel {

        /**
         * @param causal whether each query looks at its own key and those before it, of which there are as many as queries
         */
        Mixed attend(Tensor q, Tensor k, Tensor v, boolean causal);
    }

    /**
     * What comes of some keys.
     *
     * @param values {@code [batch, heads, time, width]}
     * @param logSums logarithm of the sum of the scores' exponentials, float32, for each query, {@code [batch, heads, time, 1]}
     */
    record Mixed(Tensor values, Tensor logSums) {}

    /**
     * {@code q [batch, heads, time, width]}, k and v {@code [batch, keyValueHeads, keys, width]} to {@code [batch, heads, time,
     * width]}: the queries are of the newest keys.
     */
    Tensor attend(Tensor q, Tensor k, Tensor v) {
        long time = q.size(2);
        long past = k.size(2) - time;
        List<Mixed> parts = new ArrayList<>();
        parts.add(part(q, k, v, past, time, true));
        long from = 0;
        for (long piece : pieces(past, time)) {
            parts.add(part(q, k, v, from, piece, false));
            from += piece;
        }
        return merged(parts).to(q.scalar_type());
    }

    /** Contiguous, for a cache's strides change as it grows, and a plan is for strides, too. */
    private Mixed part(Tensor q, Tensor k, Tensor v, long from, long keys, boolean causal) {
        return kernel.attend(
                q, k.narrow(2, from, keys).contiguous(), v.narrow(2, from, keys).contiguous(), causal);
    }

    /** Keys of each piece, the largest first: all are the unit times a power of two, but for a last one that is smaller. */
    static List<Long> pieces(long keys, long unit) {
        List<Long> pieces = new ArrayList<>();
        long left = keys;
        for (long piece = unit * Long.highestOneBit(Math.max(1, keys / unit)); piece >= unit; piece /= 2) {
            if (left >= piece) {
                pieces.add(piece);
                left -= piece;
            }
        }
        if (left > 0) {
            pieces.add(left);
        }
        return pieces;
    }

    private static Tensor merged(List<Mixed> parts) {
        Tensor shares = torch.softmax(
                torch.cat(new TensorVector(parts.stream().map(Mixed::logSums).toArray(Tensor[]::new)), 3), 3);
        Tensor sum = parts.getFirst().values().to(ScalarType.Float).mul(shares.narrow(3, 0, 1));
        for (int i = 1; i < parts.size(); i++) {
            sum.addcmul_(parts.get(i).values().to(ScalarType.Float), shares.narrow(3, i, 1));
        }
        return sum;
    }
}
