package io.github.lift4j.engine.runtime;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/** The way back through what libtorch recorded on the way forward. */
public final class Autograd {

    private Autograd() {}

    /** Sends a gradient of an output's shape back into the gradients of what it was made from. */
    public static void backward(Tensor output, Tensor gradient) {
        output.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
    }
}
