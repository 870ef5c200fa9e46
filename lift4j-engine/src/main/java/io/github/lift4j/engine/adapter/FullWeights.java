package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Parameter;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.weights.Safetensors;
import io.github.lift4j.engine.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Full fine-tuning: a float32 copy of every weight of the base, cast to the compute type where it is used. */
public final class FullWeights implements Adapter {

    static final String FILE = "model.safetensors";

    private final FlatParameters parameters;
    private final ComputeType type;

    private FullWeights(FlatParameters parameters, ComputeType type) {
        this.parameters = parameters;
        this.type = type;
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
        return new FullWeights(parameters, model.type());
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
        return new FullWeights(parameters.frozen(model.type()), model.type());
    }

    @Override
    public Tensor weight(Parameter parameter) {
        return parameters.get(parameter.name()).to(type.scalarType());
    }

    /** {@code dW = dy^T x}, {@code db} the sum of {@code dy} over the tokens, {@code dx = dy W}. */
    @Override
    public Tensor projectBack(List<Linear> layers, Tensor input, List<Tensor> gradients) {
        for (int i = 0; i < layers.size(); i++) {
            Linear layer = layers.get(i);
            Tensor gradient = gradients.get(i);
            parameters.gradient(layer.weight().name()).add_(torch.mm(gradient.t(), input));
            layer.bias().ifPresent(bias -> parameters.gradient(bias.name()).add_(gradient.sum(0)));
        }
        return Adapter.super.projectBack(layers, input, gradients);
    }
}
