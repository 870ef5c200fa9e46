package io.github.lift4j.engine.runtime;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Gradients of weights, summed in float32 whatever the type of what they are made from. */
public final class GradientSum {

    private static final Scalar ONE = new Scalar(1);

    private GradientSum() {}

    /**
     * {@code sum += share * outputs^T inputs}. A GPU adds the products of narrower numbers as they are made; a processor
     * has no such operation, so there they are rounded to their own type first.
     *
     * @param sum {@code [out, in]}, float32
     * @param outputs gradients of a layer's outputs, {@code [n, out]}
     * @param inputs {@code [n, in]}, of the same type
     */
    public static void add(Tensor sum, Tensor outputs, Tensor inputs, double share) {
        Scalar scale = new Scalar(share);
        if (outputs.scalar_type().intern() == ScalarType.Float) {
            sum.addmm_(outputs.t(), inputs, ONE, scale);
        } else if (sum.is_cuda()) {
            torch.addmm_out(sum, sum, outputs.t(), inputs, ScalarType.Float, ONE, scale);
        } else {
            sum.add_(torch.mm(outputs.t(), inputs), scale);
        }
    }
}
