package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rotary position embedding: the pair {@code (x[i], x[i + d/2])} of each head turns by {@code position * frequency[i]}.
 * Angles are computed in float32 for the positions of a pass, on the device; there is no table, so no length is too long
 * for it. Owns the frequencies: close it.
 */
final class RotaryEmbedding implements AutoCloseable {

    /** Cosines and sines for the positions of one pass, each {@code [rows or 1, 1, time, headWidth / 2]}. */
    record Angles(Tensor cosine, Tensor sine) {

        /** The way back of a turn is the turn the other way. */
        Angles back() {
            return new Angles(cosine, sine.neg());
        }
    }

    private final Tensor frequencies;
    private final double magnitude;

    RotaryEmbedding(ModelConfig config, ComputeDevice device) {
        magnitude = config.rope().magnitude();
        int half = config.headWidth() / 2;
        float[] each = new float[half];
        for (int i = 0; i < half; i++) {
            double unscaled = Math.pow(config.rope().theta(), -2.0 * i / config.headWidth());
            each[i] = (float) config.rope().scale(unscaled, i, config.headWidth());
        }
        frequencies = torch.tensor(each).to(device.handle(), ScalarType.Float).retainReference();
    }

    /** The angles of positions {@code [rows or 1, 1, time, 1]}, float32. */
    Angles angles(Tensor positions, ScalarType type) {
        try (PointerScope scope = new PointerScope()) {
            Tensor angle = positions.mul(frequencies);
            Tensor cosine = angle.cos().mul_(new Scalar(magnitude)).to(type);
            Tensor sine = angle.sin().mul_(new Scalar(magnitude)).to(type);
            return new Angles(cosine.retainReference(), sine.retainReference());
        }
    }

    /**
     * Positions {@code first[row] .. first[row] + time - 1} of each row, {@code [rows, 1, time, 1]}, float32. One row needs
     * nothing from the host, which a GPU would have to wait for.
     */
    Tensor positions(long[] first, int time) {
        TensorOptions options = new TensorOptions(frequencies.device());
        if (first.length == 1) {
            return torch.arange(new Scalar(first[0]), new Scalar(first[0] + time), options)
                    .to(ScalarType.Float)
                    .view(1, 1, -1, 1);
        }
        return torch.tensor(first)
                .to(frequencies.device(), ScalarType.Long)
                .view(-1, 1, 1, 1)
                .add(torch.arange(new Scalar((long) time), options).view(1, 1, -1, 1))
                .to(ScalarType.Float);
    }

    /** Turns {@code x [batch, heads, time, headWidth]} by the angles. */
    static Tensor rotate(Tensor x, Angles angles) {
        TensorVector halves = x.chunk(2, -1);
        Tensor first = halves.get(0);
        Tensor second = halves.get(1);
        Tensor left = torch.addcmul(first.mul(angles.cosine()), second, angles.sine(), new Scalar(-1));
        Tensor right = torch.addcmul(second.mul(angles.cosine()), first, angles.sine());
        return torch.cat(new TensorVector(left, right), -1);
    }

    @Override
    public void close() {
        frequencies.close();
    }
}
