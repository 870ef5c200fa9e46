package io.github.lift4j.engine.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The shape of a Llama-family decoder, as its {@code config.json} says it.
 *
 * @param family the config's {@code model_type} ("llama", "mistral", "qwen2", "qwen3")
 * @param vocabulary entries of the embedding
 * @param hidden width of the residual stream
 * @param intermediate width of the feed-forward network
 * @param layers number of blocks
 * @param heads query heads a layer
 * @param keyValueHeads key and value heads a layer; divides {@code heads}
 * @param headWidth width of a head; not always {@code hidden / heads}
 * @param window longest sequence the model was made for, in tokens
 * @param slidingWindow how many tokens back attention reaches, where that is less than the window
 * @param normEpsilon epsilon of the RMS norms
 * @param rope rotary position embedding
 * @param tiedEmbeddings whether the vocabulary projection is the embedding
 * @param attentionBias whether q, k and v have biases
 * @param outputBias whether the attention's output projection has one
 * @param feedForwardBias whether the feed-forward projections have them
 * @param queryKeyNorm whether queries and keys are normalised per head (Qwen3)
 */
public record ModelConfig(
        String family,
        int vocabulary,
        int hidden,
        int intermediate,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int window,
        OptionalInt slidingWindow,
        double normEpsilon,
        RopeScaling rope,
        boolean tiedEmbeddings,
        boolean attentionBias,
        boolean outputBias,
        boolean feedForwardBias,
        boolean queryKeyNorm) {

    private static final List<String> SHAPES = List.of("llama-3-8b", "llama-3.1-8b", "smollm2-135m");

    private static final Set<String> FAMILIES = Set.of("llama", "mistral", "qwen2", "qwen3");

    /**
     * Reads a Hugging Face {@code config.json}.
     *
     * @throws LiftException where the family is unknown or a size is missing or impossible
     */
    public static ModelConfig fromHuggingFace(JsonNode json) {
        String family = json.path("model_type").asText("");
        if (!FAMILIES.contains(family)) {
            throw new LiftException("The model's family '" + family
                    + "' is not supported: use a model of the Llama, SmolLM2, Mistral, Qwen2 or Qwen3 family.");
        }
        if (!json.path("hidden_act").asText("silu").equals("silu")) {
            throw new LiftException(
                    "The model's activation '" + json.path("hidden_act").asText()
                            + "' is not supported: only silu is, which every Llama-family model uses.");
        }
        int hidden = size(json, "hidden_size");
        int heads = size(json, "num_attention_heads");
        int keyValueHeads = json.hasNonNull("num_key_value_heads") ? size(json, "num_key_value_heads") : heads;
        int headWidth = json.hasNonNull("head_dim") ? size(json, "head_dim") : hidden / heads;
        if (heads % keyValueHeads != 0 || headWidth % 2 != 0) {
            throw new LiftException("The model's config is inconsistent: " + heads + " heads, " + keyValueHeads
                    + " key-value heads of width " + headWidth + "; download the model again.");
        }
        boolean bias = json.path("attention_bias").asBoolean(family.equals("qwen2"));
        return new ModelConfig(
                family,
                size(json, "vocab_size"),
                hidden,
                size(json, "intermediate_size"),
                size(json, "num_hidden_layers"),
                heads,
                keyValueHeads,
                headWidth,
                size(json, "max_position_embeddings"),
                slidingWindow(json, family),
                json.path("rms_norm_eps").asDouble(1e-6),
                RopeScaling.fromHuggingFace(json),
                json.path("tie_word_embeddings").asBoolean(false),
                bias,
                bias && !family.equals("qwen2"),
                json.path("mlp_bias").asBoolean(false),
                family.equals("qwen3"));
    }

    /**
     * A shape that is known by name, to be filled with {@linkplain RandomWeights random weights}.
     *
     * @throws LiftException where it is none of {@code llama-3-8b}, {@code llama-3.1-8b} (the same, with a window of a million tokens) and {@code
     *     smollm2-135m}
     */
    public static ModelConfig ofShape(String name) {
        if (!SHAPES.contains(name)) {
            throw new LiftException(
                    "There is no model shape '" + name + "': use one of " + String.join(", ", SHAPES) + ".");
        }
        try (InputStream in = ModelConfig.class.getResourceAsStream("shape-" + name + ".json")) {
            return fromHuggingFace(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tensor's prefix of one layer, as in {@code model.layers.3}. */
    static String layerPrefix(int layer) {
        return "model.layers." + layer;
    }

    /**
     * The shape of a weight by its Hugging Face name, such as {@code model.layers.3.mlp.up_proj.weight}.
     *
     * @throws IllegalArgumentException for a name that no model of the family has
     */
    long[] shape(String name) {
        String[] parts = name.split("\\.");
        long[] weight = weight(parts[parts.length - 2]);
        return parts[parts.length - 1].equals("bias") ? new long[] {weight[0]} : weight;
    }

    private long[] weight(String module) {
        long queries = (long) heads * headWidth;
        long keys = (long) keyValueHeads * headWidth;
        return switch (module) {
            case "embed_tokens", "lm_head" -> new long[] {vocabulary, hidden};
            case "norm", "input_layernorm", "post_attention_layernorm" -> new long[] {hidden};
            case "q_norm", "k_norm" -> new long[] {headWidth};
            case "q_proj" -> new long[] {queries, hidden};
            case "k_proj", "v_proj" -> new long[] {keys, hidden};
            case "o_proj" -> new long[] {hidden, queries};
            case "gate_proj", "up_proj" -> new long[] {intermediate, hidden};
            case "down_proj" -> new long[] {hidden, intermediate};
            default -> throw new IllegalArgumentException("no module " + module);
        };
    }

    /** How many parameters the shape has, embeddings counted once where they are tied. */
    public long parameters() {
        long attention = (long) hidden * headWidth * (2L * heads + 2L * keyValueHeads);
        long block = attention + 3L * hidden * intermediate + 2L * hidden;
        return layers * block + (long) vocabulary * hidden * (tiedEmbeddings ? 1 : 2) + hidden;
    }

    private static OptionalInt slidingWindow(JsonNode json, String family) {
        boolean used = json.path("use_sliding_window").asBoolean(family.equals("mistral"));
        if (!used || !json.hasNonNull("sliding_window")) {
            return OptionalInt.empty();
        }
        int layersBefore = json.path("max_window_layers").asInt(0);
        if (!family.equals("mistral") && layersBefore > 0 && layersBefore < size(json, "num_hidden_layers")) {
            throw new LiftException("The model uses a sliding window in some layers only, which is not supported: use"
                    + " the model without use_sliding_window.");
        }
        return OptionalInt.of(size(json, "sliding_window"));
    }

    private static int size(JsonNode json, String key) {
        return Optional.ofNullable(json.get(key))
                .filter(node -> node.canConvertToInt() && node.asInt() > 0)
                .map(JsonNode::asInt)
                .orElseThrow(() -> new LiftException("The model's config.json has no usable '" + key
                        + "': it needs a positive number; download the model again."));
    }
}
