package io.github.lift4j.engine.transformer;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Numbers in eight bits, by libtorch's operations; {@link CudaFloat8} does the same in fewer passes over memory. */
interface Float8 {

    /** What runs everywhere. */
    Float8 LIBTORCH = new Float8() {};

    /** What is to be stored, and how. */
    enum Kind {
        WEIGHTS(ScalarType.Float8_e4m3fn, 448),
        ACTIVATIONS(ScalarType.Float8_e4m3fn, 448),
        GRADIENTS(ScalarType.Float8_e5m2, 57_344);

        final ScalarType type;
        final float largest;

        Kind(ScalarType type, float largest) {
            this.type = type;
            this.largest = largest;
        }
    }

    /** The scale where all numbers are zero. */
    float SMALLEST = 1e-12f;

    /**
     * The numbers {@code values * scale}.
     *
     * @param values {@code [n, width]}
     * @param scale a scalar, or one a row, {@code [n, 1]}; float32
     */
    record Scaled(Tensor values, Tensor scale) {}

    /** Tensors {@code [n, width]} side by side in eight bits; weights have one scale. */
    default Scaled scaled(List<Tensor> parts, Kind kind) {
        Tensor wide =
                parts.size() == 1 ? parts.getFirst() : torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 1);
        Tensor scale = torch.linalg_vector_norm(
                        wide,
                        new Scalar(Double.POSITIVE_INFINITY),
                        new long[] {0, 1},
                        false,
                        new ScalarTypeOptional(ScalarType.Float))
                .clamp_min(new Scalar(SMALLEST))
                .div(new Scalar(kind.largest));
        return new Scaled(wide.div(scale).to(kind.type), scale);
    }

    /** A stored weight in bfloat16. */
    default Tensor restored(Tensor stored, Tensor scale) {
        return stored.to(ScalarType.BFloat16).mul_(scale.to(ScalarType.BFloat16));
    }

    /** {@code input [..., in]} times the transpose of a stored weight {@code [out, in]}, and a bias where there is one. */
    default Tensor times(Tensor input, Tensor stored, Tensor scale, TensorOptional bias) {
        return torch.linear(input, restored(stored, scale), bias);
    }

    /** {@code [rows, columns] -> [columns, rows]}, each row in one piece. */
    default Tensor transposed(Tensor bytes) {
        return bytes.t().contiguous();
    }
}
