package io.github.lift4j.engine.transformer;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The seam between what the model computes and what was trained: every use of a weight in a forward pass goes through
 * one. The base itself is {@link #NONE}. Implementations hold no state of a pass, so several threads may use one.
 */
public interface Adaptation {

    /** The base model as it is. */
    Adaptation NONE = new Adaptation() {};

    /** The weight to use in the parameter's place, in the model's compute type. */
    default Tensor weight(Parameter parameter) {
        return parameter.value();
    }

    /** The layer's output, {@code [..., in] -> [..., out]}. */
    default Tensor project(Linear layer, Tensor input) {
        return layer.apply(input, this);
    }

    /** The same for layers that all read one input. */
    default List<Tensor> project(List<Linear> layers, Tensor input) {
        return layers.stream().map(layer -> project(layer, input)).toList();
    }

    /**
     * The way back of {@link #project(Linear, Tensor)}: adds to the gradients of what is trained in the layer, here nothing, and to the
     * input's gradient. No graph is recorded.
     *
     * @param input {@code [n, in]}
     * @param gradient of the output, {@code [n, out]}
     * @param sum what other layers have sent back to the same input, {@code [n, in]}; it is added to in place
     * @return the input's gradient with what was there before, {@code [n, in]}
     */
    default Tensor projectBack(Linear layer, Tensor input, Tensor gradient, Optional<Tensor> sum) {
        Tensor matrix = weight(layer.weight());
        return sum.map(before -> before.addmm_(gradient, matrix)).orElseGet(() -> torch.mm(gradient, matrix));
    }
}
