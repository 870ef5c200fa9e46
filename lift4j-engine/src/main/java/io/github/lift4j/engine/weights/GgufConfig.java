package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.LiftException;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/** A GGUF file's metadata as the config.json that Hugging Face has for the same model. */
final class GgufConfig {

    /** One architecture of llama.cpp and what Hugging Face calls it. */
    private record Family(String modelType, String architecture) {}

    private static final Map<String, Family> FAMILIES = Map.of(
            "llama", new Family("llama", "LlamaForCausalLM"),
            "qwen2", new Family("qwen2", "Qwen2ForCausalLM"),
            "qwen3", new Family("qwen3", "Qwen3ForCausalLM"));

    /** llama.cpp knows Mistral as a Llama; only its window tells them apart, and only there does it matter. */
    private static final Family MISTRAL = new Family("mistral", "MistralForCausalLM");

    private static final double DEFAULT_THETA = 10_000;

    private final Gguf gguf;
    private final GgufMetadata metadata;
    private final String prefix;
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();

    private GgufConfig(Gguf gguf, String architecture) {
        this.gguf = gguf;
        this.metadata = gguf.metadata();
        this.prefix = architecture + ".";
    }

    static String architecture(Gguf gguf) {
        String architecture = gguf.metadata().string("general.architecture").orElse("");
        if (!FAMILIES.containsKey(architecture)) {
            throw new LiftException(gguf.path() + " holds a model of the architecture '" + architecture
                    + "', which is not known here; choose a Llama, Mistral, SmolLM2, Qwen2 or Qwen3 model.");
        }
        return architecture;
    }

    static ObjectNode of(Gguf gguf) {
        String architecture = architecture(gguf);
        GgufConfig reader = new GgufConfig(gguf, architecture);
        reader.refuseWhatIsUnknown();
        reader.family(Objects.requireNonNull(FAMILIES.get(architecture)));
        reader.sizes();
        reader.rotary();
        reader.options();
        reader.specialTokens();
        return reader.config;
    }

    private void refuseWhatIsUnknown() {
        if (metadata.integer(prefix + "expert_count").orElse(0) > 0) {
            throw new LiftException(
                    gguf.path() + " holds a mixture of experts, which is not known here; choose a dense model.");
        }
        OptionalLong values = metadata.integer(prefix + "attention.value_length");
        OptionalLong rotated = metadata.integer(prefix + "rope.dimension_count");
        if (values.orElse(headDim()) != headDim() || rotated.orElse(headDim()) != headDim()) {
            throw new LiftException(gguf.path() + " rotates or keeps only a part of each attention head,"
                    + " which is not known here; choose another model.");
        }
    }

    private void family(Family family) {
        OptionalLong window = metadata.integer(prefix + "attention.sliding_window");
        boolean mistral = family.modelType().equals("llama") && window.orElse(0) > 0;
        Family named = mistral ? MISTRAL : family;
        config.putArray("architectures").add(named.architecture());
        config.put("model_type", named.modelType());
        if (mistral) {
            config.put("sliding_window", window.getAsLong());
        }
    }

    private void sizes() {
        config.put("hidden_size", size("embedding_length"));
        config.put("intermediate_size", size("feed_forward_length"));
        config.put("num_hidden_layers", size("block_count"));
        config.put("num_attention_heads", heads());
        config.put("num_key_value_heads", keyValueHeads());
        config.put("head_dim", headDim());
        config.put("vocab_size", gguf.shape("token_embd.weight")[0]);
        config.put("max_position_embeddings", size("context_length"));
        config.put("hidden_act", "silu");
    }

    private long heads() {
        return size("attention.head_count");
    }

    private long keyValueHeads() {
        return metadata.contains(prefix + "attention.head_count_kv") ? size("attention.head_count_kv") : heads();
    }

    private long headDim() {
        return metadata.contains(prefix + "attention.key_length")
                ? size("attention.key_length")
                : Math.max(1, size("embedding_length") / heads());
    }

    private long size(String key) {
        long size = metadata.integer(prefix + key)
                .orElseThrow(() -> new LiftException(
                        gguf.path() + " lacks the metadata key " + prefix + key + "; download it again."));
        if (size < 1 || size > Integer.MAX_VALUE) {
            throw new LiftException(gguf.path() + " is damaged (its metadata key " + prefix + key + " is " + size
                    + "); download it again.");
        }
        return size;
    }

    private void rotary() {
        double theta = metadata.number(prefix + "rope.freq_base").orElse(DEFAULT_THETA);
        config.put("rope_theta", theta);
        config.putNull("rope_scaling");
        new GgufRope(gguf, prefix, theta, headDim())
                .scaling()
                .ifPresent(scaling -> config.set("rope_scaling", scaling));
    }

    private void options() {
        double epsilon = metadata.number(prefix + "attention.layer_norm_rms_epsilon")
                .orElseThrow(() -> new LiftException(gguf.path() + " lacks the metadata key " + prefix
                        + "attention.layer_norm_rms_epsilon; download it again."));
        config.put("rms_norm_eps", epsilon);
        config.put("tie_word_embeddings", !gguf.names().contains("output.weight"));
        config.put("attention_bias", gguf.names().contains("blk.0.attn_q.bias"));
        config.put("mlp_bias", gguf.names().contains("blk.0.ffn_gate.bias"));
    }

    private void specialTokens() {
        metadata.integer("tokenizer.ggml.bos_token_id").ifPresent(id -> config.put("bos_token_id", id));
        metadata.integer("tokenizer.ggml.padding_token_id").ifPresent(id -> config.put("pad_token_id", id));
        OptionalLong end = metadata.integer("tokenizer.ggml.eos_token_id");
        OptionalLong endOfTurn = metadata.integer("tokenizer.ggml.eot_token_id");
        if (end.isPresent() && endOfTurn.isPresent() && !end.equals(endOfTurn)) {
            config.putArray("eos_token_id").add(end.getAsLong()).add(endOfTurn.getAsLong());
        } else {
            end.ifPresent(id -> config.put("eos_token_id", id));
        }
    }
}
