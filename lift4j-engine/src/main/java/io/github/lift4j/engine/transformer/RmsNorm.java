package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Root-mean-square norm over the last dimension: {@code y = w * x / sqrt(mean(x^2) + eps)}, the mean taken in float32.
 *
 * @param weight {@code [width]}
 */
record RmsNorm(Parameter weight, double epsilon) {

    /** {@code [..., width] -> [..., width]} */
    Tensor apply(Tensor x, Adaptation adaptation) {
        Tensor wide = x.to(ScalarType.Float);
        Tensor inverse = wide.square()
                .mean(new long[] {-1}, true, new ScalarTypeOptional())
                .add(new Scalar(epsilon))
                .rsqrt();
        return torch.mul(adaptation.weight(weight), wide.mul(inverse).to(x.scalar_type()));
    }
}
