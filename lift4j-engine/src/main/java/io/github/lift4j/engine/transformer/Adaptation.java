package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.Tensor;

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
}
