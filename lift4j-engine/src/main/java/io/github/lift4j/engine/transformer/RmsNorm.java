package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Root-mean-square norm over the last dimension: {@code y = w * x / sqrt(mean(x^2) + eps)}, the mean taken in float32.
 *
 * @param weight {@code [width]}
 * @param fused whether by libtorch's own kernel, one pass over {@code x} on a GPU where the written-out form takes seven
 */
record RmsNorm(Parameter weight, double epsilon, boolean fused) {

    /** {@code [..., width] -> [..., width]} */
    Tensor apply(Tensor x, Adaptation adaptation) {
        Tensor scale = adaptation.weight(weight);
        if (fused) {
            return torch.rms_norm(
                    x, new long[] {scale.size(0)}, new TensorOptional(scale), new DoubleOptional(epsilon));
        }
        Tensor wide = x.to(ScalarType.Float);
        return torch.mul(scale, wide.mul(inverse(wide, epsilon)).to(x.scalar_type()));
    }

    /** {@code 1 / sqrt(mean(x^2) + eps)} for {@code [..., width]} in float32: {@code [..., 1]}. */
    static Tensor inverse(Tensor wide, double epsilon) {
        return wide.square()
                .mean(new long[] {-1}, true, new ScalarTypeOptional())
                .add_(new Scalar(epsilon))
                .rsqrt_();
    }
}
