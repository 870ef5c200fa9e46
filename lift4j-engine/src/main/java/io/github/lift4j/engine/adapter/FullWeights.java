package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.Adjacent;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.GradientSum;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Parameter;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.weights.Safetensors;
import io.github.lift4j.engine.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Full fine-tuning: a float32 copy of every weight of the base, cast to the compute type where it is used. */
public final class FullWeights implements Adapter {

    static final String FILE = "model.safetensors";

    private final FlatParameters parameters;
    private final ComputeType type;
    private final Optional<Tensor> cast;

    /** @param cast all values in the compute type, where it was made for a pass */
    private FullWeights(FlatParameters parameters, ComputeType type, Optional<Tensor> cast) {
        this.parameters = parameters;
        this.type = type;
        this.cast = cast;
    }

    /** Starts from the base's weights. */
    public static FullWeights of(Transformer model) {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        model.parameters()
                .forEach(p -> shapes.put(p.name(), p.value().sizes().vec().get()));
        FlatParameters parameters = new FlatParameters(shapes, model.device());
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            model.parameters().forEach(p -> parameters.get(p.name()).copy_(p.value()));
        }
        return new FullWeights(parameters, model.type(), Optional.empty());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws LiftException where the file is missing, damaged, or of another model's shape
     */
    public static FullWeights read(Path folder, Transformer model) {
        FullWeights weights = of(model);
        Path path = folder.resolve(FILE);
        try (Safetensors file = Safetensors.open(path);
                PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            for (String name : weights.parameters.names()) {
                Tensor target = weights.parameters.get(name);
                if (!file.names().contains(name)
                        || !Arrays.equals(file.shape(name), target.sizes().vec().get())) {
                    throw new LiftException("The weights in " + path + " do not fit the base model at " + name
                            + ": they were trained on another one.");
                }
                target.copy_(file.read(name));
            }
            return weights;
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** Writes every weight as float32 safetensors under Hugging Face's names. */
    public void write(Path folder) {
        SafetensorsWriter writer = new SafetensorsWriter();
        parameters.names().forEach(name -> writer.add(name, parameters.get(name)));
        writer.write(folder.resolve(FILE));
    }

    @Override
    public FlatParameters parameters() {
        return parameters;
    }

    @Override
    public void keep(double share, Transformer model) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            for (Parameter base : model.parameters()) {
                parameters.get(base.name()).mul_(new Scalar(share)).add_(base.value(), new Scalar(1 - share));
            }
        }
    }

    @Override
    public FullWeights frozen(Transformer model) {
        return new FullWeights(parameters.frozen(model.type()), model.type(), Optional.empty());
    }

    @Override
    public Adaptation forPass() {
        return new FullWeights(parameters, type, Optional.of(parameters.values().to(type.scalarType())));
    }

    /** Where a graph is recorded it leads to the trained weight, which a part of the cast ones knows nothing of. */
    @Override
    public Optional<Tensor> trained(Parameter parameter) {
        return Optional.of(
                cast.isPresent() && !GradMode.is_enabled()
                        ? parameters.part(cast.get(), parameter.name())
                        : parameters.get(parameter.name()).to(type.scalarType()));
    }

    @Override
    public Optional<Tensor> gradient(Parameter parameter) {
        return Optional.of(parameters.gradient(parameter.name()));
    }

    /** {@code dW = dy^T x}, {@code db} the sum of {@code dy} over the tokens, {@code dx = dy W}. */
    @Override
    public Tensor projectBack(List<Linear> layers, Tensor input, List<Tensor> gradients) {
        // In the model's order, and so in the buffer's, the weights of layers that read one input follow each other.
        Tensor sum = Adjacent.rows(layers.stream()
                        .map(layer -> parameters.gradient(layer.weight().name()))
                        .toList())
                .orElseThrow();
        GradientSum.add(sum, Adjacent.columns(gradients), input, 1);
        for (int i = 0; i < layers.size(); i++) {
            Tensor gradient = gradients.get(i);
            layers.get(i)
                    .bias()
                    .ifPresent(bias -> parameters.gradient(bias.name()).add_(gradient.sum(0)));
        }
        return Adapter.super.projectBack(layers, input, gradients);
    }
}
