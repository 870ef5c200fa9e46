package io.github.lift4j.engine.transformer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Causal grouped-query attention: {@code softmax(q k^T / sqrt(headWidth) + mask) v}, each key-value head serving
 * {@code group = heads / keyValueHeads} query heads.
 *
 * <p>The explicit kernel stacks the group's queries along the time axis, so that keys and values are never repeated, and
 * forms the scores: on a processor this is faster at segment lengths than libtorch's fused kernel, tenfold in bfloat16.
 */
record Attention(
        ModelConfig config,
        Elementwise elementwise,
        Linear query,
        Linear key,
        Linear value,
        Linear output,
        Optional<RmsNorm> queryNorm,
        Optional<RmsNorm> keyNorm) {

    static final long FEW_ROWS = 16;

    /** The projections that read the block's input. */
    List<Linear> readers() {
        return List.of(query, key, value);
    }

    /** {@code [batch, time, hidden] -> [batch, time, hidden]} */
    Tensor apply(Tensor x, Pass pass, Optional<KeyValueCache.Layer> cache, Adaptation adaptation) {
        List<Tensor> read = adaptation.project(readers(), x);
        return adaptation.project(output, mix(read.get(0), read.get(1), read.get(2), pass, cache, adaptation));
    }

    /**
     * What lies between the projections: queries, keys and values {@code [batch, time, heads * headWidth]} each to as much
     * as the queries are.
     */
    private Tensor mix(
            Tensor queries,
            Tensor keys,
            Tensor values,
            Pass pass,
            Optional<KeyValueCache.Layer> cache,
            Adaptation adaptation) {
        Tensor q = normed(queryNorm, heads(queries), adaptation);
        Tensor k = normed(keyNorm, heads(keys), adaptation);
        Tensor v = heads(values);
        return pass.newest()
                .map(newest -> newest.attend(q, k, v, cache.orElseThrow(), pass))
                .orElseGet(() -> attendTurned(
                        elementwise.rotate(q, pass.angles()), elementwise.rotate(k, pass.angles()), v, pass, cache));
    }

    /** Queries, keys and values {@code [batch, heads, time, headWidth]} of these tokens, and what the cache holds. */
    private Tensor attendTurned(Tensor q, Tensor k, Tensor v, Pass pass, Optional<KeyValueCache.Layer> cache) {
        Tensor allKeys = cache.map(c -> c.appendKeys(k, pass.column())).orElse(k);
        Tensor allValues = cache.map(c -> c.appendValues(v, pass.column())).orElse(v);
        return switch (pass.kernel()) {
            case BRANCHED -> BranchedAttention.attend(q, allKeys, allValues, cache.orElseThrow(), pass);
            case FUSED, PLANNED, EXPLICIT, NEWEST -> attend(q, allKeys, allValues, pass);
        };
    }

    /**
     * {@code q [batch, heads, time, headWidth]}, k and v {@code [batch, keyValueHeads, keys, headWidth]} to
     * {@code [batch, time, heads * headWidth]}.
     */
    Tensor attend(Tensor q, Tensor k, Tensor v, Pass pass) {
        return switch (pass.kernel()) {
            case FUSED -> FusedAttention.attend(q, k, v, pass.mask());
            case PLANNED -> CudnnAttention.attend(q, k, v);
            case EXPLICIT, BRANCHED, NEWEST -> explicit(q, k, v, pass.mask().orElseThrow());
        };
    }

    /** {@code [batch, time, heads * headWidth] -> [batch, heads, time, headWidth]} */
    Tensor heads(Tensor x) {
        return x.view(x.size(0), x.size(1), -1, config.headWidth()).transpose(1, 2);
    }

    /** The way back of {@link #heads}. */
    static Tensor joined(Tensor heads) {
        return heads.transpose(1, 2).reshape(heads.size(0), heads.size(2), -1);
    }

    private static Tensor normed(Optional<RmsNorm> norm, Tensor heads, Adaptation adaptation) {
        return norm.map(n -> n.apply(heads, adaptation)).orElse(heads);
    }

    /** {@code q [batch, heads, time, headWidth]}, k and v {@code [batch, keyValueHeads, keys, headWidth]}. */
    private Tensor explicit(Tensor q, Tensor k, Tensor v, Tensor mask) {
        long batch = q.size(0);
        long time = q.size(2);
        long group = config.heads() / config.keyValueHeads();
        long pairs = batch * config.keyValueHeads();
        long keys = k.size(2);
        Tensor scaled =
                q.mul(new Scalar(1 / Math.sqrt(config.headWidth()))).reshape(pairs, group * time, config.headWidth());
        Tensor scores = scores(scaled, k.reshape(pairs, keys, config.headWidth()));
        Tensor masked = mask.size(1) == keys ? scores.add_(mask) : maskNewest(scores, mask);
        Tensor mixed = torch.bmm(torch.softmax(masked, -1), v.reshape(pairs, keys, config.headWidth()));
        return mixed.view(batch, config.heads(), time, config.headWidth())
                .transpose(1, 2)
                .reshape(batch, time, -1);
    }

    /**
     * {@code q [pairs, rows, headWidth], k [pairs, keys, headWidth] -> [pairs, rows, keys]}. A few rows are taken from the
     * other side, because libtorch copies a strided {@code k} that it has to transpose: tenfold at 8,000 keys.
     */
    static Tensor scores(Tensor q, Tensor k) {
        return q.size(1) <= FEW_ROWS
                ? torch.bmm(k, q.transpose(1, 2)).transpose(1, 2).contiguous()
                : torch.bmm(q, k.transpose(1, 2));
    }

    /** Only the newest keys can be hidden from a query; adding zeros to all others would cost as much as the product. */
    private static Tensor maskNewest(Tensor scores, Tensor mask) {
        scores.narrow(2, scores.size(2) - mask.size(1), mask.size(1)).add_(mask);
        return scores;
    }
}
