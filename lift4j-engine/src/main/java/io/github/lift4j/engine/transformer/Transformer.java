package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.Adjacent;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.NativeScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A decoder of the Llama family with its frozen weights: embedding, blocks, final norm, vocabulary projection.
 *
 * <p>Immutable once loaded, so any number of threads may run passes; each pass names the {@link Adaptation} it wants.
 * Owns the native memory of the weights: close it.
 */
public final class Transformer implements AutoCloseable {

    private final ModelConfig config;
    private final ComputeDevice device;
    private final ComputeType type;
    private final boolean fused;

    private final Parameter embedding;
    private final List<Block> blocks;
    private final RmsNorm norm;
    private final Parameter head;
    private final Passes passes;
    private final Elementwise elementwise;
    private final List<Parameter> parameters;
    private final List<Linear> linears;
    private final Optional<Float8Layers> float8;

    private Transformer(boolean fused, Loader loader) {
        this.elementwise = loader.elementwise;
        this.config = loader.config;
        this.fused = fused;
        this.device = loader.device;
        this.type = loader.type;
        this.passes = new Passes(config, device, type, fused);
        this.embedding = loader.parameter("model.embed_tokens.weight");
        this.blocks = new ArrayList<>(config.layers());
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(block(ModelConfig.layerPrefix(i), loader));
        }
        this.norm = norm("model.norm", loader);
        this.head = config.tiedEmbeddings() ? embedding : loader.parameter("lm_head.weight");
        this.parameters = List.copyOf(loader.loaded);
        this.linears = List.copyOf(loader.linears);
        this.float8 = loader.float8;
    }

    /**
     * Loads the weights onto the device.
     *
     * @throws LiftException where a weight is missing or has another shape than the config says
     */
    public static Transformer load(ModelConfig config, WeightSource source, ComputeDevice device, ComputeType type) {
        return load(config, source, device, type, device instanceof ComputeDevice.Cuda);
    }

    /**
     * The same with the choice of kernels.
     *
     * @param fused whether norms, and attention where many tokens are read at once, are libtorch's fused kernels, which
     *     take less memory, and weights that are multiplied by one input are one matrix; else the former are written out,
     *     which is faster on a processor, and the latter stay where they were read
     */
    public static Transformer load(
            ModelConfig config, WeightSource source, ComputeDevice device, ComputeType type, boolean fused) {
        Loader loader = new Loader(config, source, device, type, fused);
        try (PointerScope scope = new PointerScope()) {
            return new Transformer(fused, loader);
        } catch (RuntimeException e) {
            loader.close();
            throw e;
        }
    }

    private Block block(String prefix, Loader loader) {
        String attention = prefix + ".self_attn.";
        String mlp = prefix + ".mlp.";
        List<Linear> reading = loader.linears(
                config.attentionBias(), attention + "q_proj", attention + "k_proj", attention + "v_proj");
        List<Linear> seeing = loader.linears(config.feedForwardBias(), mlp + "gate_proj", mlp + "up_proj");
        return new Block(
                norm(prefix + ".input_layernorm", loader),
                new Attention(
                        config,
                        elementwise,
                        reading.get(0),
                        reading.get(1),
                        reading.get(2),
                        loader.linears(config.outputBias(), attention + "o_proj")
                                .getFirst(),
                        headNorm(attention + "q_norm", loader),
                        headNorm(attention + "k_norm", loader)),
                norm(prefix + ".post_attention_layernorm", loader),
                new FeedForward(
                        elementwise,
                        seeing.get(0),
                        seeing.get(1),
                        loader.linears(config.feedForwardBias(), mlp + "down_proj")
                                .getFirst()));
    }

    private RmsNorm norm(String name, Loader loader) {
        return new RmsNorm(loader.parameter(name + ".weight"), config.normEpsilon(), fused);
    }

    private Optional<RmsNorm> headNorm(String name, Loader loader) {
        return config.queryKeyNorm() ? Optional.of(norm(name, loader)) : Optional.empty();
    }

    /** The model's shape. */
    public ModelConfig config() {
        return config;
    }

    /** Where the weights are. */
    public ComputeDevice device() {
        return device;
    }

    /** The data type of the weights and activations. */
    public ComputeType type() {
        return type;
    }

    /** Every weight, in file order. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** The projections inside the blocks: what LoRA's "all linear layers" means. */
    public List<Linear> linears() {
        return linears;
    }

    /** The projections once more in eight bits, where training multiplies by them in that type. */
    public Optional<Float8Layers> float8() {
        return float8;
    }

    /** The vocabulary projection {@code [vocabulary, hidden]}, which is the embedding where they are tied. */
    public Parameter head() {
        return head;
    }

    /** Token ids, {@code [ids.length / time, time]}, on the model's device. */
    public Tensor ids(int[] ids, long time) {
        return torch.tensor(ids).view(-1, time).to(device.handle(), ScalarType.Long);
    }

    /** Last hidden states of whole sequences, after the final norm: {@code [batch, time] -> [batch, time, hidden]}. */
    public Tensor hidden(Tensor ids, Adaptation adaptation) {
        return run(ids, passes.fresh(time(ids)), Optional.empty(), adaptation);
    }

    /** The same, ready for the way back: {@code [batch, time]} token ids; keeps what is not to be computed again. */
    public TrainingPass training(Tensor ids, Adaptation adaptation, TrainingPass.Again again) {
        return new TrainingPass(blocks, norm, passes.training(time(ids)), adaptation, embedded(ids, adaptation), again);
    }

    /**
     * Last hidden states of the next tokens of a sequence, whose earlier ones are in the cache; the cache then holds
     * these too. {@code [batch, time] -> [batch, time, hidden]}. In a {@linkplain KeyValueCache#branch branch} each row
     * is a sequence of its own.
     */
    public Tensor hidden(Tensor ids, KeyValueCache cache, Adaptation adaptation) {
        Tensor hidden = run(ids, passes.following(cache, time(ids)), Optional.of(cache), adaptation);
        cache.advance(ids.size(1));
        return hidden;
    }

    /**
     * The same for one more token of each row that the cache has room for, with nothing in it that changes from token to
     * token but what lies in the memory of {@code ids} and {@code place}: so it can be recorded. The cache is told of the
     * tokens by {@link KeyValueCache#advance} afterwards. {@code [rows, 1] -> [rows, 1, hidden]}.
     */
    public Tensor hidden(Tensor ids, KeyValueCache cache, KeyValueCache.Place place, Adaptation adaptation) {
        return run(ids, passes.fixed(cache, place), Optional.of(cache), adaptation);
    }

    private static int time(Tensor ids) {
        return Math.toIntExact(ids.size(1));
    }

    /** The vocabulary projection: {@code [..., hidden] -> [..., vocabulary]}. */
    public Tensor logits(Tensor hidden, Adaptation adaptation) {
        return torch.linear(hidden, adaptation.weight(head));
    }

    /** The same behind the newest tokens in float32, which tells the likeliest apart: {@code [rows, hidden] -> [rows, vocabulary]}. */
    public Tensor nextLogits(Tensor hidden, Adaptation adaptation) {
        return NextLogits.of(hidden, adaptation.weight(head));
    }

    /**
     * The gradient of the targets' weighted cross entropies.
     *
     * @param logits {@code [n, vocabulary]}, whose memory becomes the gradient's
     * @param loss {@code [1]}, float32, to which the cross entropies in nats are added
     */
    public Tensor lossGradient(Tensor logits, TokenTargets targets, Tensor loss) {
        return elementwise.lossGradient(logits, targets, loss);
    }

    /** That of some tokens alone, in float32: {@code [..., hidden] -> [..., ids.length]}. */
    public Tensor logits(Tensor hidden, int[] ids, Adaptation adaptation) {
        Tensor rows =
                adaptation.weight(head).index_select(0, ids(ids, ids.length).view(-1));
        return torch.linear(hidden.to(ScalarType.Float), rows.to(ScalarType.Float));
    }

    private Tensor run(Tensor ids, Pass pass, Optional<KeyValueCache> cache, Adaptation adaptation) {
        Tensor x = embedded(ids, adaptation);
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            Optional<KeyValueCache.Layer> layer =
                    cache.isPresent() ? Optional.of(cache.get().layer(i)) : Optional.empty();
            Tensor input = x;
            x = NativeScope.keeping(() -> block.apply(input, pass, layer, adaptation));
        }
        return norm.apply(x, adaptation);
    }

    private Tensor embedded(Tensor ids, Adaptation adaptation) {
        return torch.embedding(adaptation.weight(embedding), ids);
    }

    @Override
    public void close() {
        float8.ifPresent(Float8Layers::close);
        passes.close();
        parameters.forEach(p -> p.stored().close());
    }

    /** Reads, checks and keeps each weight; remembers what must be closed. */
    private static final class Loader {
        private final ModelConfig config;
        private final WeightSource source;
        private final ComputeDevice device;
        private final ComputeType type;
        private final boolean fused;
        private final List<Parameter> loaded = new ArrayList<>();
        private final List<Linear> linears = new ArrayList<>();
        private final Elementwise elementwise;
        private final Optional<Float8Layers> float8;

        Loader(ModelConfig config, WeightSource source, ComputeDevice device, ComputeType type, boolean fused) {
            this.fused = fused;
            this.config = config;
            this.source = source;
            this.device = device;
            this.type = type;
            this.elementwise = device instanceof ComputeDevice.Cuda gpu
                    ? CudaElementwise.on(gpu).orElse(Elementwise.LIBTORCH)
                    : Elementwise.LIBTORCH;
            this.float8 = type == ComputeType.FLOAT8 ? Optional.of(new Float8Layers(float8())) : Optional.empty();
        }

        private Float8 float8() {
            return device instanceof ComputeDevice.Cuda gpu
                    ? CudaFloat8.on(gpu).orElse(Float8.LIBTORCH)
                    : Float8.LIBTORCH;
        }

        Parameter parameter(String name) {
            return keep(new Parameter(name, read(name).retainReference(), Optional.empty()));
        }

        private Parameter keep(Parameter parameter) {
            loaded.add(parameter);
            return parameter;
        }

        /** The weight on the device, in a scope of the caller's. */
        private Tensor read(String name) {
            long[] shape = config.shape(name);
            Tensor value = source.read(name, type.scalarType());
            long[] actual = value.sizes().vec().get();
            if (!Arrays.equals(actual, shape)) {
                throw new LiftException("The weight " + name + " has shape " + Arrays.toString(actual)
                        + " where the model's config says " + Arrays.toString(shape)
                        + ": the files do not belong together, download the model again.");
            }
            return value.to(device.handle(), type.scalarType());
        }

        /** Projections that read one input. */
        List<Linear> linears(boolean bias, String... names) {
            List<Parameter> weights = weights(List.of(names));
            List<Linear> layers = new ArrayList<>();
            for (int i = 0; i < names.length; i++) {
                Optional<Parameter> own = bias ? Optional.of(parameter(names[i] + ".bias")) : Optional.empty();
                layers.add(new Linear(names[i], weights.get(i), own));
            }
            linears.addAll(layers);
            return layers;
        }

        private List<Parameter> weights(List<String> names) {
            boolean narrow = float8.isPresent()
                    && names.stream().allMatch(name -> Float8Layers.takes(config.shape(name + ".weight")));
            try (PointerScope scope = new PointerScope()) {
                List<Tensor> read =
                        names.stream().map(name -> read(name + ".weight")).toList();
                List<Parameter> parameters = narrow ? float8.get().add(names, read) : parameters(names, read);
                return parameters.stream().map(this::keep).toList();
            }
        }

        private List<Parameter> parameters(List<String> names, List<Tensor> read) {
            List<Tensor> weights = fused && read.size() > 1 ? Adjacent.stacked(read) : read;
            return IntStream.range(0, names.size())
                    .mapToObj(i -> new Parameter(
                            names.get(i) + ".weight", weights.get(i).retainReference(), Optional.empty()))
                    .toList();
        }

        void close() {
            loaded.forEach(p -> p.stored().close());
            float8.ifPresent(Float8Layers::close);
        }
    }
}
