package io.github.lift4j.engine.transformer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Projections once more in eight bits (Micikevicius et al., 2022), for training beside a frozen base: factors are float8
 * with one scale a tensor, taken from its largest number; sums are wider, and products come out as bfloat16. Activations
 * and weights have three bits of mantissa (e4m3), gradients two and more range (e5m2). Owns its copies: close it.
 */
public final class Float8Layers implements AutoCloseable {

    /** What the kernel asks of the widths. */
    private static final int MULTIPLE = 16;

    private static final double LARGEST_E4M3 = 448;
    private static final double LARGEST_E5M2 = 57_344;

    /**
     * Numbers in eight bits: {@code values * scale}.
     *
     * @param values {@code [n, width]}
     * @param scale a scalar, float32
     */
    private record Quantised(Tensor values, Tensor scale) {

        static Quantised of(Tensor wide, ScalarType type) {
            double largest = type == ScalarType.Float8_e4m3fn ? LARGEST_E4M3 : LARGEST_E5M2;
            Tensor scale = torch.linalg_vector_norm(
                            wide,
                            new Scalar(Double.POSITIVE_INFINITY),
                            new long[] {0, 1},
                            false,
                            new ScalarTypeOptional(ScalarType.Float))
                    .clamp_min(new Scalar(1e-12))
                    .div(new Scalar(largest));
            return new Quantised(wide.div(scale).to(type), scale);
        }
    }

    /** A weight for either way: {@code [out, in]}, and the same as rows of {@code [in, out]}. */
    private record Weight(Tensor forward, Tensor back, Tensor scale) {

        static Weight of(Tensor weight) {
            Quantised quantised = Quantised.of(weight, ScalarType.Float8_e4m3fn);
            return new Weight(
                    quantised.values.retainReference(),
                    quantised.values.t().contiguous().retainReference(),
                    quantised.scale.retainReference());
        }

        void close() {
            forward.close();
            back.close();
            scale.close();
        }
    }

    private final Map<String, Weight> weights = new HashMap<>();
    private final OperatorHandle product = Dispatcher.singleton().findSchemaOrThrow("aten::_scaled_mm", "");

    private Float8Layers() {}

    /** Copies of the layers that the kernel can take; widths must be multiples of 16. */
    static Float8Layers of(List<Linear> layers) {
        Float8Layers all = new Float8Layers();
        all.product.retainReference();
        for (Linear layer : layers) {
            if (layer.in() % MULTIPLE == 0 && layer.out() % MULTIPLE == 0) {
                try (PointerScope scope = new PointerScope();
                        AutoGradMode off = new AutoGradMode(false)) {
                    all.weights.put(layer.name(), Weight.of(layer.weight().value()));
                }
            }
        }
        return all;
    }

    /**
     * The layers' outputs for one input, which is quantised once: {@code [n, in] -> [n, out]} each. A layer without a copy
     * is computed as it is.
     */
    public List<Tensor> project(List<Linear> layers, Tensor input) {
        Quantised rows = Quantised.of(input, ScalarType.Float8_e4m3fn);
        return layers.stream().map(layer -> project(layer, input, rows)).toList();
    }

    private Tensor project(Linear layer, Tensor input, Quantised rows) {
        Weight weight = weights.get(layer.name());
        if (weight == null) {
            return layer.apply(input, Adaptation.NONE);
        }
        Tensor output = product(rows, weight.forward.t(), weight.scale);
        layer.bias().ifPresent(bias -> output.add_(bias.value()));
        return output;
    }

    /** The input's gradient, with what was there before: see {@link Adaptation#projectBack}. */
    public Tensor projectBack(Linear layer, Tensor input, Tensor gradient, Optional<Tensor> sum) {
        Weight weight = weights.get(layer.name());
        if (weight == null) {
            return Adaptation.NONE.projectBack(layer, input, gradient, sum);
        }
        Tensor back = product(Quantised.of(gradient, ScalarType.Float8_e5m2), weight.back.t(), weight.scale);
        return sum.map(before -> before.add_(back)).orElse(back);
    }

    /** {@code rows [n, k]} times a matrix {@code [k, m]} whose columns lie in one piece each: {@code [n, m]}, bfloat16. */
    private Tensor product(Quantised rows, Tensor matrix, Tensor scale) {
        IValueVector stack = new IValueVector();
        stack.push_back(new IValue(rows.values));
        stack.push_back(new IValue(matrix));
        stack.push_back(new IValue(rows.scale));
        stack.push_back(new IValue(scale));
        stack.push_back(new IValue()); // bias
        stack.push_back(new IValue()); // scale of the result
        stack.push_back(new IValue((long) ScalarType.BFloat16.value));
        stack.push_back(new IValue(true)); // sums in the tensor cores' own width
        product.callBoxed(stack);
        return stack.get(0).toTensor();
    }

    @Override
    public void close() {
        weights.values().forEach(Weight::close);
        product.close();
    }
}
