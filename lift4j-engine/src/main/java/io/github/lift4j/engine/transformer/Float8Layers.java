package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.Operator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Projections in eight bits (Micikevicius et al., 2022), for training beside a frozen base: factors are float8 with one
 * scale a tensor or a row, taken from its largest number; sums are wider, and products come out as bfloat16. Activations and weights
 * have three bits of mantissa (e4m3), gradients two and more range (e5m2). Layers that read one input are one matrix.
 * Owns the weights: close it.
 */
public final class Float8Layers implements AutoCloseable {

    /** What the kernel asks of the widths. */
    private static final int MULTIPLE = 16;

    /**
     * Where a layer's weight lies.
     *
     * @param stack {@code [rows, in]}, float8, of all layers that read the same input
     * @param scale of all of them
     * @param scales the same for every column of a product, {@code [1, n]}: the kernel wants both factors' scales alike
     * @param from its first row
     */
    private record Place(Tensor stack, Tensor scale, Tensor scales, long from) {}

    private final Float8 float8;
    private final Map<String, Place> places = new HashMap<>();
    private final Operator product = Operator.named("aten::_scaled_mm");

    Float8Layers(Float8 float8) {
        this.float8 = float8;
    }

    /** Whether the kernel can take a weight {@code [out, in]}. */
    static boolean takes(long[] shape) {
        return shape[0] % MULTIPLE == 0 && shape[1] % MULTIPLE == 0;
    }

    /**
     * Takes over the weights of layers that read one input.
     *
     * @param names of the layers
     * @param weights {@code [out, in]} each, bfloat16
     * @return the same in eight bits, as parameters
     */
    List<Parameter> add(List<String> names, List<Tensor> weights) {
        List<Parameter> parameters = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Float8.Scaled all =
                    float8.scaled(weights.size() == 1 ? weights : List.of(rows(weights)), Float8.Kind.WEIGHTS);
            Tensor stack = all.values().retainReference();
            Tensor shared = all.scale().retainReference();
            Tensor scales = shared.expand(1, Math.max(stack.size(0), stack.size(1)))
                    .contiguous()
                    .retainReference();
            Optional<Parameter.Narrow> narrow = Optional.of(new Parameter.Narrow(shared, float8));
            long from = 0;
            for (int i = 0; i < names.size(); i++) {
                long out = weights.get(i).size(0);
                places.put(names.get(i), new Place(stack, shared, scales, from));
                Tensor own = stack.narrow(0, from, out).retainReference();
                parameters.add(new Parameter(names.get(i) + ".weight", own, narrow));
                from += out;
            }
        }
        return parameters;
    }

    private static Tensor rows(List<Tensor> weights) {
        return torch.cat(new TensorVector(weights.toArray(Tensor[]::new)), 0);
    }

    /** The layers' outputs for one input, {@code [n, in] -> [n, out]} each: parts of one tensor. */
    public List<Tensor> project(List<Linear> layers, Tensor input) {
        Place place = places.get(layers.getFirst().name());
        if (place == null) {
            return Adaptation.NONE.project(layers, input);
        }
        Float8.Scaled rows = float8.scaled(List.of(input), Float8.Kind.ACTIVATIONS);
        return Linear.outputs(layers, product(rows, weights(place, layers).t(), place), Adaptation.NONE);
    }

    /** The input's gradient: see {@link Adaptation#projectBack}. */
    public Tensor projectBack(List<Linear> layers, Tensor input, List<Tensor> gradients) {
        Place place = places.get(layers.getFirst().name());
        if (place == null) {
            return Adaptation.NONE.projectBack(layers, input, gradients);
        }
        // The kernel wants columns that lie in one piece. Kept both ways, the weights would take twice the room.
        Tensor matrix = float8.transposed(weights(place, layers)).t();
        return product(float8.scaled(gradients, Float8.Kind.GRADIENTS), matrix, place);
    }

    /** {@code [out, in]} of layers that lie one behind the other, which those that read one input do. */
    private static Tensor weights(Place first, List<Linear> layers) {
        return first.stack.narrow(
                0, first.from, layers.stream().mapToLong(Linear::out).sum());
    }

    /** {@code rows [n, k]} times a matrix {@code [k, m]} whose columns lie in one piece each: {@code [n, m]}, bfloat16. */
    private Tensor product(Float8.Scaled rows, Tensor matrix, Place place) {
        Tensor scale = rows.scale().dim() == 0 ? place.scale : place.scales.narrow(1, 0, matrix.size(1));
        return product.call(
                        new IValue(rows.values()),
                        new IValue(matrix),
                        new IValue(rows.scale()),
                        new IValue(scale),
                        new IValue(), // bias
                        new IValue(), // scale of the result
                        new IValue((long) ScalarType.BFloat16.value),
                        new IValue(true)) // sums in the tensor cores' own width
                .get(0)
                .toTensor();
    }

    @Override
    public void close() {
        places.values().stream().filter(place -> place.from == 0).forEach(place -> {
            place.stack.close();
            place.scale.close();
            place.scales.close();
        });
        product.close();
    }
}
