package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.LiftException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tensors of a GGUF file by Hugging Face's names of a Llama-family model. */
public final class GgufNames {

    /** llama.cpp's factors of Llama 3.1's rotary scaling, which Hugging Face has in its configuration. */
    public static final String ROPE_FACTORS = "rope_freqs.weight";

    private static final Map<String, String> MODEL = Map.of(
            "token_embd", "model.embed_tokens",
            "output_norm", "model.norm",
            "output", "lm_head");

    private static final Map<String, String> BLOCK = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private static final Pattern NAME = Pattern.compile("(?:blk\\.(\\d{1,6})\\.)?(\\w+)\\.(weight|bias)");

    private static final Pattern HUGGING_FACE =
            Pattern.compile("(?:model\\.layers\\.(\\d{1,6})\\.)?([\\w.]+)\\.(weight|bias)");

    private GgufNames() {}

    /**
     * Hugging Face's name to the file's name of every tensor, in the file's order.
     *
     * @throws LiftException where a tensor has no place in a Llama-family model: without it the model would compute
     *     something else
     */
    static Map<String, String> of(Gguf gguf) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : gguf.names()) {
            if (!name.equals(ROPE_FACTORS)) {
                String huggingFace = huggingFace(name)
                        .orElseThrow(() -> new LiftException("The tensor " + name + " in " + gguf.path()
                                + " belongs to a kind of model that is not known here;"
                                + " choose a Llama, Mistral, SmolLM2, Qwen2 or Qwen3 model."));
                names.put(huggingFace, name);
            }
        }
        return Collections.unmodifiableMap(names);
    }

    /** The name that llama.cpp has for a weight; empty where a Llama-family model has no such weight. */
    public static Optional<String> ofHuggingFace(String name) {
        Matcher matcher = HUGGING_FACE.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String block = matcher.group(1);
        return (block == null ? MODEL : BLOCK)
                .entrySet().stream()
                        .filter(entry -> entry.getValue().equals(matcher.group(2)))
                        .map(entry ->
                                (block == null ? "" : "blk." + block + ".") + entry.getKey() + "." + matcher.group(3))
                        .findFirst();
    }

    private static Optional<String> huggingFace(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String block = matcher.group(1);
        String known = (block == null ? MODEL : BLOCK).get(matcher.group(2));
        if (known == null) {
            return Optional.empty();
        }
        String prefix = block == null ? "" : "model.layers." + Integer.parseInt(block) + ".";
        return Optional.of(prefix + known + "." + matcher.group(3));
    }
}
