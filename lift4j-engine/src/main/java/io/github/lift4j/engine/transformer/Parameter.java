package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.runtime.Adjacent;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** One named weight of the base model. The {@link Transformer} that loaded it owns the tensors; nobody writes to them. */
public final class Parameter {

    private final String name;
    private final Tensor stored;
    private final Optional<Narrow> narrow;

    /**
     * Of a weight that is stored in eight bits and is {@code stored * scale}.
     *
     * @param scale a scalar, float32
     * @param float8 multiplies by it
     */
    record Narrow(Tensor scale, Float8 float8) {}

    Parameter(String name, Tensor stored, Optional<Narrow> narrow) {
        this.name = name;
        this.stored = stored;
        this.narrow = narrow;
    }

    /** Parameters of layers that read one input as one, {@code [sum of out, in]}, where they lie so in memory. */
    static Optional<Parameter> together(List<Parameter> parameters) {
        Parameter first = parameters.getFirst();
        return parameters.stream().allMatch(other -> other.narrow.equals(first.narrow))
                ? Adjacent.rows(parameters.stream().map(Parameter::stored).toList())
                        .map(rows -> new Parameter(first.name, rows, first.narrow))
                : Optional.empty();
    }

    /** Hugging Face's name, as in {@code model.layers.3.self_attn.q_proj.weight}. */
    public String name() {
        return name;
    }

    /** The frozen weight as it lies in memory. */
    public Tensor stored() {
        return stored;
    }

    /** The weight in the model's compute type; made anew at each call where it is stored in eight bits. */
    public Tensor value() {
        return narrow.map(n -> n.float8.restored(stored, n.scale)).orElse(stored);
    }

    /** {@code input [..., in]} times the weight's transpose, {@code [..., out]}, and a bias where there is one. */
    Tensor times(Tensor input, TensorOptional bias) {
        return narrow.map(n -> n.float8.times(input, stored, n.scale, bias))
                .orElseGet(() -> torch.linear(input, stored, bias));
    }

    /** Another weight in this one's place, in the compute type. */
    Parameter replaced(Tensor by) {
        return new Parameter(name, by, Optional.empty());
    }

    /** Its extent in a dimension. */
    long size(int dimension) {
        return stored.size(dimension);
    }
}
