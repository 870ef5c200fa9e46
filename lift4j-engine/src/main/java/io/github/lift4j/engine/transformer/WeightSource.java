package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Where a model's weights come from, by Hugging Face's names. */
@FunctionalInterface
public interface WeightSource {

    /**
     * Reads one weight.
     *
     * @return a contiguous tensor in the processor's memory that the caller owns
     * @throws io.github.lift4j.engine.LiftException where it is missing or cannot be read
     */
    Tensor read(String name, ScalarType type);
}
