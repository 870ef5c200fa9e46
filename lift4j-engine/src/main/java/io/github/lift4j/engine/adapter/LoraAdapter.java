package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.transformer.Float8Layers;
import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Low-rank adaptation (Hu et al., 2021): each adapted layer computes {@code y = W x + scale * B (A x)} with trained
 * {@code A [rank, in]} and {@code B [out, rank]}, and the base's {@code W} frozen. B starts at zero, so an untrained
 * adapter changes nothing.
 */
public final class LoraAdapter implements Adapter {

    private static final String UP = ".lora_B.weight";

    private final LoraSettings settings;
    private final FlatParameters parameters;
    private final Optional<Float8Layers> base;

    /** @param base the frozen projections in eight bits, where they are used so */
    private LoraAdapter(LoraSettings settings, FlatParameters parameters, Optional<Float8Layers> base) {
        this.settings = settings;
        this.parameters = parameters;
        this.base = base;
    }

    /**
     * An adapter as PEFT starts one: A uniform in {@code ±1/sqrt(in)}, B zero.
     *
     * @throws LiftException where no layer of the model is a target
     */
    public static LoraAdapter create(Transformer model, LoraSettings settings, RandomGenerator random) {
        LoraAdapter adapter = zeroed(model, settings);
        for (Linear layer : model.linears()) {
            if (settings.adapts(layer.name())) {
                float bound = (float) (1 / Math.sqrt(layer.in()));
                float[] initial = new float[Math.toIntExact(settings.rank() * layer.in())];
                for (int i = 0; i < initial.length; i++) {
                    initial[i] = random.nextFloat(-bound, bound);
                }
                adapter.set(a(layer.name()), initial);
            }
        }
        return adapter;
    }

    /** An adapter with A and B zero, to be filled from a file. */
    static LoraAdapter zeroed(Transformer model, LoraSettings settings) {
        SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
        for (Linear layer : model.linears()) {
            if (settings.adapts(layer.name())) {
                shapes.put(a(layer.name()), new long[] {settings.rank(), layer.in()});
                shapes.put(b(layer.name()), new long[] {layer.out(), settings.rank()});
            }
        }
        if (shapes.isEmpty()) {
            throw new LiftException("No layer of the model is named by the LoRA targets " + settings.targets()
                    + ": name layers such as q_proj, or leave the targets out for all linear layers.");
        }
        return new LoraAdapter(settings, new FlatParameters(shapes, model.device()), model.float8());
    }

    /** The settings it was made with. */
    public LoraSettings settings() {
        return settings;
    }

    @Override
    public FlatParameters parameters() {
        return parameters;
    }

    @Override
    public Attachment frozen(Transformer model) {
        return MergedWeights.fits(this, model)
                ? MergedWeights.of(this, model)
                : new LoraAdapter(settings, parameters.frozen(model.type()), Optional.empty());
    }

    @Override
    public void keep(double share, Transformer model) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            for (String name : parameters.names()) {
                if (name.endsWith(UP)) {
                    parameters.get(name).mul_(new Scalar(share));
                }
            }
        }
    }

    @Override
    public Tensor project(Linear layer, Tensor input) {
        return project(List.of(layer), input).getFirst();
    }

    @Override
    public List<Tensor> project(List<Linear> layers, Tensor input) {
        Tensor rows = input.reshape(-1, input.size(-1));
        List<Tensor> outputs = base.isPresent()
                ? base.get().project(layers, rows)
                : layers.stream().map(layer -> layer.apply(rows, this)).toList();
        List<Tensor> adapted = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            adapted.add(adapted(layers.get(i), rows, outputs.get(i)).view(input.size(0), input.size(1), -1));
        }
        return adapted;
    }

    private Tensor adapted(Linear layer, Tensor rows, Tensor output) {
        if (!parameters.contains(a(layer.name()))) {
            return output;
        }
        Tensor low = torch.mm(rows, down(layer, rows).t());
        return output.addmm_(low, up(layer, rows).t(), new Scalar(1), new Scalar(settings.scale()));
    }

    /** {@code dB = scale * dy^T (x A^T)}, {@code dA = (scale * dy B)^T x}, {@code dx = dy W + (scale * dy B) A}. */
    @Override
    public Tensor projectBack(Linear layer, Tensor input, Tensor gradient, Optional<Tensor> sum) {
        Tensor back = base.isPresent()
                ? base.get().projectBack(layer, input, gradient, sum)
                : Adapter.super.projectBack(layer, input, gradient, sum);
        if (!parameters.contains(a(layer.name()))) {
            return back;
        }
        Tensor down = down(layer, input);
        Tensor low = torch.mm(input, down.t());
        Tensor lowGradient = torch.mm(gradient, up(layer, input)).mul_(new Scalar(settings.scale()));
        parameters.gradient(b(layer.name())).add_(torch.mm(gradient.t(), low), new Scalar(settings.scale()));
        parameters.gradient(a(layer.name())).add_(torch.mm(lowGradient.t(), input));
        return back.addmm_(lowGradient, down);
    }

    private Tensor down(Linear layer, Tensor input) {
        return parameters.get(a(layer.name())).to(input.scalar_type());
    }

    private Tensor up(Linear layer, Tensor input) {
        return parameters.get(b(layer.name())).to(input.scalar_type());
    }

    /** {@code W + scale * B A} in float32, for {@code W [out, in]}, {@code A [rank, in]} and {@code B [out, rank]}. */
    static Tensor multipliedOut(Tensor weight, Tensor down, Tensor up, double scale) {
        return weight.to(ScalarType.Float).addmm(up, down, new Scalar(1), new Scalar(scale));
    }

    void set(String name, float[] values) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor target = parameters.get(name);
            target.copy_(
                    torch.from_blob(new FloatPointer(values), values.length).view_as(target));
        }
    }

    static String a(String layer) {
        return layer + ".lora_A.weight";
    }

    static String b(String layer) {
        return layer + UP;
    }
}
