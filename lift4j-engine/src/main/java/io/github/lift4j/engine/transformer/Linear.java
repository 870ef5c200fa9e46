package io.github.lift4j.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

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

    /** The parts of {@code [..., sum of out]} that belong to layers which read one input: {@code [..., out]} each. */
    static List<Tensor> parts(List<Linear> layers, Tensor whole) {
        List<Tensor> parts = new ArrayList<>();
        long from = 0;
        for (Linear layer : layers) {
            parts.add(whole.narrow(-1, from, layer.out()));
            from += layer.out();
        }
        return parts;
    }

    /** The same with the layers' biases, where they have some: products become outputs. */
    static List<Tensor> outputs(List<Linear> layers, Tensor products, Adaptation adaptation) {
        List<Tensor> outputs = parts(layers, products);
        for (int i = 0; i < outputs.size(); i++) {
            Tensor output = outputs.get(i);
            layers.get(i).bias().ifPresent(bias -> output.add_(adaptation.weight(bias)));
        }
        return outputs;
    }

    /** Applies the projection with the weights that the adaptation gives: {@code [..., in] -> [..., out]}. */
    public Tensor apply(Tensor input, Adaptation adaptation) {
        TensorOptional added =
                bias.map(b -> new TensorOptional(adaptation.weight(b))).orElseGet(TensorOptional::new);
        return adaptation.used(weight).times(input, added);
    }
}
