package io.github.lift4j.engine.weights;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The tiny checkpoints that make_tiny_checkpoints.py made. */
final class Tiny {

    private Tiny() {}

    static Path path(String name) {
        URL url = Objects.requireNonNull(Tiny.class.getResource("/tiny/" + name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    /** All elements of a tensor as floats; the tensor is closed. */
    static float[] floats(Tensor tensor) {
        try (tensor;
                Tensor floats = tensor.to(ScalarType.Float)) {
            float[] values = new float[Math.toIntExact(floats.numel())];
            if (values.length > 0) { // libtorch gives no address for nothing
                new FloatPointer(floats.data_ptr()).get(values);
            }
            return values;
        }
    }
}
