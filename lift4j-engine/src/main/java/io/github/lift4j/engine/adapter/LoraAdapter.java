package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.GradientSum;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Float8Layers;
import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Transformer;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
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
    private final ComputeType type;
    private final Optional<Float8Layers> base;
    private final Optional<Tensor> cast;

    /**
     * @param base the frozen projections in eight bits, where they are used so
     * @param cast all values in the compute type, where it was made for a pass
     */
    private LoraAdapter(
            LoraSettings settings,
            FlatParameters parameters,
            ComputeType type,
            Optional<Float8Layers> base,
            Optional<Tensor> cast) {
        this.settings = settings;
        this.parameters = parameters;
        this.type = type;
        this.base = base;
        this.cast = cast;
    }

    /**
     * An adapter as PEFT starts one: A uniform in {@code ±1/sqrt(in)}, B zero.
     *
     * @throws LiftException where no layer of the model is a target
     */
    public static LoraAdapter create(Transformer model, LoraSettings settings, RandomGenerator random) {
        LoraAdapter adapter = zeroed(model, settings);
        List<Linear> targets = model.linears().stream()
                .filter(layer -> settings.adapts(layer.name()))
                .toList();
        long widest = targets.stream().mapToLong(Linear::in).max().orElseThrow();
        // One piece of memory for all: fresh pages for each would take longer than drawing the numbers.
        try (FloatPointer initial = new FloatPointer(settings.rank() * widest)) {
            for (Linear layer : targets) {
                FloatBuffer own = initial.asBuffer().limit(Math.toIntExact(settings.rank() * layer.in()));
                fill(own, random, (float) (1 / Math.sqrt(layer.in())));
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
        return new LoraAdapter(
                settings, new FlatParameters(shapes, model.device()), model.type(), model.float8(), Optional.empty());
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
                : new LoraAdapter(settings, parameters.frozen(type), type, Optional.empty(), Optional.empty());
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
    public Adaptation forPass() {
        return new LoraAdapter(
                settings,
                parameters,
                type,
                base,
                Optional.of(parameters.values().to(type.scalarType())));
    }

    @Override
    public Tensor project(Linear layer, Tensor input) {
        return project(List.of(layer), input).getFirst();
    }

    /**
     * Layers that read one input read it once: their A are one matrix, {@code [layers * rank, in]}. Where LoRA has no targets
     * among them, the base's output stands.
     */
    @Override
    public List<Tensor> project(List<Linear> layers, Tensor input) {
        Tensor rows = input.reshape(-1, input.size(-1));
        List<Tensor> outputs =
                base.isPresent() ? base.get().project(layers, rows) : Adapter.super.project(layers, rows);
        List<Integer> adapted = adapted(layers);
        if (!adapted.isEmpty()) {
            Tensor low = torch.mm(rows, down(layers, adapted).t());
            for (int place = 0; place < adapted.size(); place++) {
                int i = adapted.get(place);
                outputs.get(i)
                        .addmm_(share(low, place), up(layers.get(i)).t(), new Scalar(1), new Scalar(settings.scale()));
            }
        }
        return outputs.stream()
                .map(output -> output.view(input.size(0), input.size(1), -1))
                .toList();
    }

    /** {@code dB = scale * dy^T (x A^T)}, {@code dA = (scale * dy B)^T x}, {@code dx = dy W + (scale * dy B) A}. */
    @Override
    public Tensor projectBack(List<Linear> layers, Tensor input, List<Tensor> gradients) {
        Tensor back = base.isPresent()
                ? base.get().projectBack(layers, input, gradients)
                : Adapter.super.projectBack(layers, input, gradients);
        List<Integer> adapted = adapted(layers);
        if (adapted.isEmpty()) {
            return back;
        }
        Tensor down = down(layers, adapted);
        Tensor low = torch.mm(input, down.t());
        Tensor lowGradient = torch.empty_like(low);
        for (int place = 0; place < adapted.size(); place++) {
            int i = adapted.get(place);
            torch.mm_out(share(lowGradient, place), gradients.get(i), up(layers.get(i)));
            Tensor sum = parameters.gradient(b(layers.get(i).name()));
            GradientSum.add(sum, gradients.get(i), share(low, place), settings.scale());
        }
        lowGradient.mul_(new Scalar(settings.scale()));
        Tensor downGradient = torch.mm(lowGradient.t(), input);
        for (int place = 0; place < adapted.size(); place++) {
            parameters
                    .gradient(a(layers.get(adapted.get(place)).name()))
                    .add_(downGradient.narrow(0, place * (long) settings.rank(), settings.rank()));
        }
        return back.addmm_(lowGradient, down);
    }

    /** Which of the layers are targets. */
    private List<Integer> adapted(List<Linear> layers) {
        return IntStream.range(0, layers.size())
                .filter(i -> parameters.contains(a(layers.get(i).name())))
                .boxed()
                .toList();
    }

    /** The columns of one of several layers in what they share, {@code [n, rank]}. */
    private Tensor share(Tensor low, int place) {
        return low.narrow(1, place * (long) settings.rank(), settings.rank());
    }

    /** {@code [adapted * rank, in]} */
    private Tensor down(List<Linear> layers, List<Integer> adapted) {
        Tensor[] each =
                adapted.stream().map(i -> value(a(layers.get(i).name()))).toArray(Tensor[]::new);
        return each.length == 1 ? each[0] : torch.cat(new TensorVector(each));
    }

    private Tensor up(Linear layer) {
        return value(b(layer.name()));
    }

    /** In the compute type. */
    private Tensor value(String name) {
        return cast.map(all -> parameters.part(all, name))
                .orElseGet(() -> parameters.get(name).to(type.scalarType()));
    }

    /** {@code W + scale * B A} in float32, for {@code W [out, in]}, {@code A [rank, in]} and {@code B [out, rank]}. */
    static Tensor multipliedOut(Tensor weight, Tensor down, Tensor up, double scale) {
        return weight.to(ScalarType.Float).addmm(up, down, new Scalar(1), new Scalar(scale));
    }

    private static void fill(FloatBuffer values, RandomGenerator random, float bound) {
        while (values.hasRemaining()) {
            values.put(random.nextFloat(-bound, bound));
        }
    }

    /** Sets a parameter to the first of these values. */
    private void set(String name, FloatPointer values) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor target = parameters.get(name);
            target.copy_(torch.from_blob(values, target.numel()).view_as(target));
        }
    }

    static String a(String layer) {
        return layer + ".lora_A.weight";
    }

    static String b(String layer) {
        return layer + UP;
    }
}
