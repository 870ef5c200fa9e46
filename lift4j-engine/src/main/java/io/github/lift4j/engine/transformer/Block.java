package io.github.lift4j.engine.transformer;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** One decoder block: {@code y = x + attention(norm(x))}, then {@code z = y + feedForward(norm(y))}. */
record Block(RmsNorm attentionNorm, Attention attention, RmsNorm feedForwardNorm, FeedForward feedForward) {

    /** {@code [batch, time, hidden] -> [batch, time, hidden]} */
    Tensor apply(Tensor x, Pass pass, Optional<KeyValueCache.Layer> cache, Adaptation adaptation) {
        Tensor y = x.add(attention.apply(attentionNorm.apply(x, adaptation), pass, cache, adaptation));
        return y.add(feedForward.apply(feedForwardNorm.apply(y, adaptation), adaptation));
    }
}
