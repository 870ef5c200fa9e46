package io.github.lift4j.engine.transformer;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What a block does number by number between its projections. This is where devices differ: libtorch takes several passes
 * over memory for each, {@link CudaElementwise} one.
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
}
