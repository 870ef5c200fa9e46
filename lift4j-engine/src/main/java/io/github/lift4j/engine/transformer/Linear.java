package io.github.lift4j.engine.transformer;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A projection {@code y = x W^T + b}.
 *
 * @param name the module's name without {@code .weight}, as in {@code model.layers.3.self_attn.q_proj}
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}, where the family has one
 */
public record Linear(String name, Parameter weight, Optional<Parameter> bias) {

    /** Width of the input. */
    public long in() {
        return weight.size(1);
    }

    /** Width of the output. */
    public long out() {
        return weight.size(0);
    }

    /** Applies the projection with the weights that the adaptation gives: {@code [..., in] -> [..., out]}. */
    public Tensor apply(Tensor input, Adaptation adaptation) {
        Tensor matrix = adaptation.weight(weight);
        return bias.map(b -> torch.linear(input, matrix, new TensorOptional(adaptation.weight(b))))
                .orElseGet(() -> torch.linear(input, matrix));
    }
}
