package io.github.lift4j.engine.transformer;

import java.util.List;
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
     * The way back of {@link #project(List, Tensor)}: adds to the gradients of what is trained in the layers, here nothing.
     * No graph is recorded.
     *
     * @param input {@code [n, in]}
     * @param gradients of the outputs, {@code [n, out]} each
     * @return the input's gradient, {@code [n, in]}
     */
    default Tensor projectBack(List<Linear> layers, Tensor input, List<Tensor> gradients) {
        Tensor sum = torch.mm(gradients.getFirst(), weight(layers.getFirst().weight()));
        for (int i = 1; i < layers.size(); i++) {
            sum.addmm_(gradients.get(i), weight(layers.get(i).weight()));
        }
        return sum;
    }
}
