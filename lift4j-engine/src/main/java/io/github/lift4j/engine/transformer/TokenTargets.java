package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What some positions should predict: a distribution over a few tokens each; of a plain target it has one. On the model's
 * device.
 *
 * @param ids {@code [n, width]}, int64
 * @param probabilities {@code [n, width]}, float32
 * @param weights {@code [n, 1]}, float32
 */
public record TokenTargets(Tensor ids, Tensor probabilities, Tensor weights) {

    /** The weighted sum of cross entropies in nats, a scalar, for {@code logits [n, vocabulary]}. */
    public Tensor loss(Tensor logits) {
        return crossEntropy(logProbabilities(logits));
    }

    /** In float32, whatever the logits are. */
    static Tensor logProbabilities(Tensor logits) {
        return torch.log_softmax(logits, -1, new ScalarTypeOptional(ScalarType.Float));
    }

    Tensor crossEntropy(Tensor logProbabilities) {
        return logProbabilities
                .gather(1, ids)
                .mul(probabilities)
                .mul(weights)
                .sum()
                .neg();
    }
}
