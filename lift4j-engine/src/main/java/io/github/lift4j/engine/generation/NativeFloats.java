package io.github.lift4j.engine.generation;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Numbers on their way out of tensors. */
final class NativeFloats {

    private NativeFloats() {}

    /** All values in row-major order. */
    static float[] of(Tensor tensor) {
        Tensor floats = tensor.to(ScalarType.Float).cpu().contiguous();
        float[] values = new float[Math.toIntExact(floats.numel())];
        new FloatPointer(floats.data_ptr()).get(values);
        return values;
    }

    /** Over the last dimension, in float32 whatever the input. */
    static Tensor logSoftmax(Tensor logits) {
        return torch.log_softmax(logits, -1, new ScalarTypeOptional(ScalarType.Float));
    }
}
