package io.github.lift4j.engine.transformer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What a block does number by number between its projections, and the loss behind the last of them. This is where devices
 * differ: libtorch takes several passes over memory for each, {@link CudaElementwise} one or two.
 */
interface Elementwise {

    /** libtorch's operations, which run everywhere and can be recorded. */
    Elementwise LIBTORCH = new Elementwise() {};

    /** {@code silu(gate) * up}, of one shape. */
    default Tensor gated(Tensor gate, Tensor up) {
        return torch.silu(gate).mul(up);
    }

    /** The gradients of {@code gate} and {@code up} for one of {@link #gated}. No graph is recorded. */
    default List<Tensor> gatedBack(Tensor gate, Tensor up, Tensor gradient) {
        Tensor upGradient = torch.silu(gate).mul_(gradient);
        return List.of(torch.silu_backward(gradient.mul(up), gate), upGradient);
    }

    /** Turns {@code x [batch, heads, time, headWidth]} by the angles. */
    default Tensor rotate(Tensor x, RotaryEmbedding.Angles angles) {
        return RotaryEmbedding.rotate(x, angles);
    }

    /** Whether {@link #normBack} is for {@code x [batch, time, width]}; else libtorch goes back through norms by itself. */
    default boolean goesBackThroughNorms(Tensor x) {
        return false;
    }

    /**
     * The gradient of the input {@code x [batch, time, width]} of a root-mean-square norm for one of its output, and {@code
     * past} added to it.
     *
     * @param weight {@code [width]}
     * @throws UnsupportedOperationException where {@link #goesBackThroughNorms} says no
     */
    default Tensor normBack(Tensor x, Tensor weight, double epsilon, Tensor gradient, Tensor past) {
        throw new UnsupportedOperationException("libtorch goes back through norms by itself");
    }

    /**
     * The gradient of the targets' weighted cross entropies, {@code weight * (softmax(logits) - probabilities)}.
     *
     * @param logits {@code [n, vocabulary]}, whose memory becomes the gradient's
     * @param loss {@code [1]}, float32, to which the cross entropies are added
     */
    default Tensor lossGradient(Tensor logits, TokenTargets targets, Tensor loss) {
        Tensor logProbabilities = TokenTargets.logProbabilities(logits);
        loss.add_(targets.crossEntropy(logProbabilities));
        Tensor probabilities = logProbabilities.exp_();
        probabilities.scatter_add_(1, targets.ids(), targets.probabilities().neg());
        // Weighed on the way into the logits' type: one pass over the largest tensor of a step instead of two.
        return torch.mul_out(logits, probabilities, targets.weights());
    }
}
