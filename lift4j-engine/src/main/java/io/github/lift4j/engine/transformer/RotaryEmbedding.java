package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.ComputeDevice;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Rotary position embedding: the pair {@code (x[i], x[i + d/2])} of each head turns by {@code position * frequency[i]}.
 * Angles are computed in float32 for the positions of a pass; there is no table, so no length is too long for it.
 */
final class RotaryEmbedding {

    /** Cosines and sines for the positions of one pass, each {@code [rows or 1, 1, time, headWidth / 2]}. */
    record Angles(Tensor cosine, Tensor sine) {}

    private final float[] frequencies;
    private final double magnitude;

    RotaryEmbedding(ModelConfig config) {
        magnitude = config.rope().magnitude();
        int half = config.headWidth() / 2;
        frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            double unscaled = Math.pow(config.rope().theta(), -2.0 * i / config.headWidth());
            frequencies[i] = (float) config.rope().scale(unscaled, i, config.headWidth());
        }
    }

    /** The angles of positions {@code first[row] .. first[row] + time - 1} of each row; one row serves all. */
    Angles angles(long[] first, int time, ComputeDevice device, ScalarType type) {
        try (PointerScope scope = new PointerScope()) {
            int half = frequencies.length;
            float[] angles = new float[first.length * time * half];
            for (int row = 0; row < first.length; row++) {
                for (int t = 0; t < time; t++) {
                    for (int i = 0; i < half; i++) {
                        angles[(row * time + t) * half + i] = (first[row] + t) * frequencies[i];
                    }
                }
            }
            Tensor angle = torch.from_blob(new FloatPointer(angles), first.length, 1, time, half)
                    .to(device.handle(), ScalarType.Float);
            Tensor cosine = angle.cos().mul_(new Scalar(magnitude)).to(type);
            Tensor sine = angle.sin().mul_(new Scalar(magnitude)).to(type);
            return new Angles(cosine.retainReference(), sine.retainReference());
        }
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
}
