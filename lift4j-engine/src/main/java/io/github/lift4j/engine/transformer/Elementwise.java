package io.github.lift4j.engine.transformer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

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

    /** The gradients of {@code gate} and {@code up} for one of {@link #gated}, side by side. No graph is recorded. */
    default List<Tensor> gatedBack(Tensor gate, Tensor up, Tensor gradient) {
        List<Tensor> both = besideEachOther(gradient);
        torch.silu_backward_out(both.get(0), gradient.mul(up), gate);
        torch.mul_out(both.get(1), torch.silu(gate), gradient);
        return both;
    }

    /** Room for two tensors like {@code x [batch, time, width]}, side by side in {@code [batch, time, 2 * width]}. */
    static List<Tensor> besideEachOther(Tensor x) {
        long width = x.size(2);
        Tensor both = torch.empty(new long[] {x.size(0), x.size(1), 2 * width}, x.options(), null);
        return List.of(both.narrow(2, 0, width), both.narrow(2, width, width));
    }

    /** Turns {@code x [batch, heads, time, headWidth]} by the angles. */
    default Tensor rotate(Tensor x, RotaryEmbedding.Angles angles) {
        return RotaryEmbedding.rotate(x, angles);
    }

    /** The way back of {@link #rotate} for a gradient {@code [batch, heads, time, headWidth]}, written where {@code into} is. */
    default void rotateBack(Tensor gradient, RotaryEmbedding.Angles angles, Tensor into) {
        into.copy_(RotaryEmbedding.rotate(gradient, angles.back()));
    }

    /**
     * The gradient of the input {@code x [batch, time, width]} of a root-mean-square norm for one of its output, and {@code
     * past} added to it.
     *
     * @param weight {@code [width]}
     * @param weightGradient {@code [width]}, float32, is added to; empty where the weight is frozen
     */
    default Tensor normBack(
            Tensor x, Tensor weight, double epsilon, Tensor gradient, Tensor past, Optional<Tensor> weightGradient) {
        Tensor wide = x.to(ScalarType.Float);
        Tensor inverse = RmsNorm.inverse(wide, epsilon);
        Tensor normed = wide.mul(inverse);
        Tensor given = gradient.to(ScalarType.Float);
        weightGradient.ifPresent(sum ->
                sum.add_(torch.mul(given, normed).sum(new long[] {0, 1}, false, new ScalarTypeOptional())));
        Tensor weighed = given.mul(weight);
        Tensor along = torch.mul(weighed, normed).mean(new long[] {-1}, true, new ScalarTypeOptional());
        return weighed.addcmul_(normed, along, new Scalar(-1))
                .mul_(inverse)
                .add_(past)
                .to(x.scalar_type());
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
