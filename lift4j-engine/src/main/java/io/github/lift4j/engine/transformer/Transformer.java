package io.github.lift4j.engine.transformer;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.NativeScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
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
    /** Whether FlashAttention takes this model's passes. */
    private final boolean flash;

    private final Parameter embedding;
    private final List<Block> blocks;
    private final RmsNorm norm;
    private final Parameter head;
    private final RotaryEmbedding rotary;
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
        this.flash = fused
                && device instanceof ComputeDevice.Cuda
                && type != ComputeType.FLOAT32
                && FusedAttention.flashes(config.headWidth());
        this.rotary = new RotaryEmbedding(config, device);
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
     *     take less memory; else they are written out, which is faster on a processor
     */
    public static Transformer load(
            ModelConfig config, WeightSource source, ComputeDevice device, ComputeType type, boolean fused) {
        Loader loader = new Loader(config, source, device, type);
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
        return run(ids, Optional.empty(), adaptation);
    }

    /** The same, ready for the way back: {@code [batch, time]} token ids; keeps what is not to be computed again. */
    public TrainingPass training(Tensor ids, Adaptation adaptation, TrainingPass.Again again) {
        Pass pass = pass(Optional.empty(), Math.toIntExact(ids.size(1)));
        return new TrainingPass(blocks, norm, pass, adaptation, embedded(ids, adaptation), again);
    }

    /**
     * Last hidden states of the next tokens of a sequence, whose earlier ones are in the cache; the cache then holds
     * these too. {@code [batch, time] -> [batch, time, hidden]}. In a {@linkplain KeyValueCache#branch branch} each row
     * is a sequence of its own.
     */
    public Tensor hidden(Tensor ids, KeyValueCache cache, Adaptation adaptation) {
        Tensor hidden = run(ids, Optional.of(cache), adaptation);
        cache.advance(ids.size(1));
        return hidden;
    }

    /** The vocabulary projection: {@code [..., hidden] -> [..., vocabulary]}. */
    public Tensor logits(Tensor hidden, Adaptation adaptation) {
        return torch.linear(hidden, adaptation.weight(head));
    }

    /** That of some tokens alone, in float32: {@code [..., hidden] -> [..., ids.length]}. */
    public Tensor logits(Tensor hidden, int[] ids, Adaptation adaptation) {
        Tensor rows =
                adaptation.weight(head).index_select(0, ids(ids, ids.length).view(-1));
        return torch.linear(hidden.to(ScalarType.Float), rows.to(ScalarType.Float));
    }

    private Tensor run(Tensor ids, Optional<KeyValueCache> cache, Adaptation adaptation) {
        Pass pass = pass(cache, Math.toIntExact(ids.size(1)));
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

    private Pass pass(Optional<KeyValueCache> cache, int time) {
        long past = cache.map(KeyValueCache::length).orElse(0L);
        Optional<KeyValueCache> branching = cache.filter(KeyValueCache::branches);
        long[] first = branching
                .map(b -> Arrays.stream(b.padding())
                        .mapToLong(none -> b.prefixLength() + past - none)
                        .toArray())
                .orElse(new long[] {past});
        Pass.Kernel kernel = branching.isPresent()
                ? Pass.Kernel.BRANCHED
                : fused && (time == 1 || time > Attention.FEW_ROWS) ? Pass.Kernel.FUSED : Pass.Kernel.EXPLICIT;
        boolean open = kernel == Pass.Kernel.FUSED && (past == 0 || time == 1 || flash) && !slides(past + time);
        return new Pass(
                rotary.angles(first, time, type.scalarType()),
                kernel,
                open ? Optional.empty() : Optional.of(mask(past, time)),
                branching.map(b -> new Pass.Branches(padding(b, past + time), prefixMask(b, first, time))));
    }

    /** Padding is hidden by a large number and not by -inf: a query that is padding itself must see something. */
    private Tensor padding(KeyValueCache branch, long keys) {
        Tensor none = torch.tensor(branch.padding()).view(-1, 1, 1, 1).to(device.handle(), ScalarType.Long);
        Tensor key = torch.arange(new Scalar(keys), new TensorOptions(device.handle()));
        return key.lt(none).to(type.scalarType()).mul(new Scalar(-1e30));
    }

    /** Which of the prefix's tokens are too far back for a sliding window; empty where none is. */
    private Optional<Tensor> prefixMask(KeyValueCache branch, long[] first, int time) {
        OptionalInt sliding = config.slidingWindow();
        long last = Arrays.stream(first).max().orElseThrow() + time;
        if (sliding.isEmpty() || sliding.getAsInt() >= last || branch.prefixLength() == 0) {
            return Optional.empty();
        }
        TensorOptions options = new TensorOptions(device.handle());
        Tensor position = torch.tensor(first)
                .view(1, -1, 1, 1)
                .to(device.handle(), ScalarType.Long)
                .add(torch.arange(new Scalar((long) time), options).view(1, 1, -1, 1));
        Tensor distance = position.sub(torch.arange(new Scalar(branch.prefixLength()), options));
        Tensor hidden = distance.ge(new Scalar(sliding.getAsInt())).to(type.scalarType());
        return Optional.of(hidden.mul(new Scalar(-1e30)).repeat(1, 1, config.heads() / config.keyValueHeads(), 1));
    }

    /** Whether the newest of so many tokens does not see the oldest. */
    private boolean slides(long tokens) {
        return config.slidingWindow().stream().anyMatch(reach -> reach < tokens);
    }

    /**
     * {@code [group * time, n]} for the newest {@code n} keys, to the older of which every query may look: 0 where it may,
     * -inf where not.
     */
    private Tensor mask(long past, long time) {
        boolean slides = slides(past + time);
        long before = slides ? past : 0;
        Tensor ones = torch.ones(new long[] {time, before + time}, new TensorOptions(device.handle()));
        Tensor blocked = ones.triu(before + 1);
        if (slides) {
            blocked = blocked.add(ones.tril(before - config.slidingWindow().orElseThrow()));
        }
        Tensor mask = torch.zeros_like(ones)
                .masked_fill_(blocked.to(ScalarType.Bool), new Scalar(Double.NEGATIVE_INFINITY))
                .to(type.scalarType());
        return mask.repeat(config.heads() / config.keyValueHeads(), 1);
    }

    @Override
    public void close() {
        float8.ifPresent(Float8Layers::close);
        rotary.close();
        parameters.forEach(p -> p.stored().close());
    }

    /** Reads, checks and keeps each weight; remembers what must be closed. */
    private static final class Loader {
        private final ModelConfig config;
        private final WeightSource source;
        private final ComputeDevice device;
        private final ComputeType type;
        private final List<Parameter> loaded = new ArrayList<>();
        private final List<Linear> linears = new ArrayList<>();
        private final Elementwise elementwise;
        private final Optional<Float8Layers> float8;

        Loader(ModelConfig config, WeightSource source, ComputeDevice device, ComputeType type) {
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
                return narrow
                        ? float8
                                .get()
                                .add(
                                        names,
                                        names.stream()
                                                .map(name -> read(name + ".weight"))
                                                .toList())
                                .stream()
                                .map(this::keep)
                                .toList()
                        : names.stream()
                                .map(name -> parameter(name + ".weight"))
                                .toList();
            }
        }

        void close() {
            loaded.forEach(p -> p.stored().close());
            float8.ifPresent(Float8Layers::close);
        }
    }
}
