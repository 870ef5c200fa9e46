package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.Adjacent;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The seam between what the model computes and what was trained: every use of a weight in a forward pass goes through
 * one. The base itself is {@link #NONE}. Implementations hold no state of a pass, so several threads may use one.
 */
public interface Adaptation {

    /** The base model as it is. */
    Adaptation NONE = new Adaptation() {};

    /** What was trained in the parameter's place, in the model's compute type; empty where the base's own is used. */
    default Optional<Tensor> trained(Parameter parameter) {
        return Optional.empty();
    }

    /** The parameter that is used in its place. */
    default Parameter used(Parameter parameter) {
        return trained(parameter).map(parameter::replaced).orElse(parameter);
    }

    /** The weight that is used in the parameter's place, in the model's compute type. */
    default Tensor weight(Parameter parameter) {
        return used(parameter).value();
    }

    /** Where the way back adds the gradient of the parameter itself, in its shape and float32; empty where it is frozen. */
    default Optional<Tensor> gradient(Parameter parameter) {
        return Optional.empty();
    }

    /**
     * The same for a pass forward and back, with what every layer would else make for itself, in the caller's scope. It
     * does not notice when what is trained moves on.
     */
    default Adaptation forPass() {
        return this;
    }

    /** How often what a pass reads of it has moved to other memory. */
    default long moves() {
        return 0;
    }

    /** The layer's output, {@code [..., in] -> [..., out]}. */
    default Tensor project(Linear layer, Tensor input) {
        return layer.apply(input, this);
    }

    /** The same for layers that all read one input: where their weights are one matrix, the outputs are parts of one, too. */
    default List<Tensor> project(List<Linear> layers, Tensor input) {
        return together(layers)
                .map(all -> Linear.outputs(layers, all.times(input, new TensorOptional()), this))
                .orElseGet(() ->
                        layers.stream().map(layer -> layer.apply(input, this)).toList());
    }

    /**
     * The weights of several layers that read one input, where they are one matrix. Not where a graph is recorded, which
     * takes parts of one output for one.
     */
    private Optional<Parameter> together(List<Linear> layers) {
        return layers.size() == 1 || GradMode.is_enabled()
                ? Optional.empty()
                : Parameter.together(
                        layers.stream().map(layer -> used(layer.weight())).toList());
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
        return together(layers)
                .map(all -> torch.mm(Adjacent.columns(gradients), all.value()))
                .orElseGet(() -> sum(layers, gradients));
    }

    private Tensor sum(List<Linear> layers, List<Tensor> gradients) {
        Tensor sum = torch.mm(gradients.getFirst(), weight(layers.getFirst().weight()));
        for (int i = 1; i < layers.size(); i++) {
            sum.addmm_(gradients.get(i), weight(layers.get(i).weight()));
        }
        return sum;
    }
}
