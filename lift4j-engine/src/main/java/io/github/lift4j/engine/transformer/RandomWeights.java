package io.github.lift4j.engine.transformer;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Weights that mean nothing, for measuring how fast a model of a shape is. Norms are one; all else is uniform in ±0.02, the
 * same million numbers over and over, since making eight billion takes longer than what is measured. Close it.
 */
public final class RandomWeights implements WeightSource, AutoCloseable {

    private static final float BOUND = 0.02f;
    private static final int NUMBERS = 1 << 20;

    private final ModelConfig config;
    private final Tensor numbers;

    /** For a model of that shape. */
    public RandomWeights(ModelConfig config, RandomGenerator random) {
        this.config = config;
        float[] values = new float[NUMBERS];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat(-BOUND, BOUND);
        }
        try (PointerScope scope = new PointerScope()) {
            numbers = torch.from_blob(new FloatPointer(values), values.length)
                    .clone()
                    .retainReference();
        }
    }

    @Override
    public Tensor read(String name, ScalarType type) {
        long[] shape = config.shape(name);
        if (name.endsWith("norm.weight")) {
            return torch.ones(shape, new TensorOptions(type));
        }
        long total = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return numbers.to(type)
                .repeat(Math.ceilDiv(total, NUMBERS))
                .narrow(0, 0, total)
                .view(shape);
    }

    @Override
    public void close() {
        numbers.close();
    }
}
