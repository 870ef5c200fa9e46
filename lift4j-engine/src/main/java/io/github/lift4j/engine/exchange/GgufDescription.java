package io.github.lift4j.engine.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.tokenizer.GgufVocabulary;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.weights.Gguf;
import io.github.lift4j.engine.weights.GgufWriter;

/** What a GGUF file says of its model beside the weights. */
final class GgufDescription {

    private GgufDescription() {}

    /** Describes a model as its own GGUF file does, or else as its config.json and its tokenizer say. */
    static void write(StoredModel base, GgufLayout layout, GgufWriter writer) {
        base.gguf().ifPresentOrElse(gguf -> copy(gguf, writer), () -> describe(base, layout, writer));
    }

    /** All but how the file's own bytes lie. */
    private static void copy(Gguf gguf, GgufWriter writer) {
        for (String key : gguf.metadata().keys()) {
            if (!key.equals("general.alignment") && !key.startsWith("quantize.") && !key.startsWith("split.")) {
                writer.copy(key, gguf);
            }
        }
    }

    private static void describe(StoredModel base, GgufLayout layout, GgufWriter writer) {
        ModelConfig sizes = layout.sizes();
        String prefix = layout.architecture() + ".";
        writer.put("general.architecture", layout.architecture());
        writer.put("general.type", "model");
        // The last part only: the name may be a path of this machine.
        writer.put("general.name", base.name().substring(base.name().lastIndexOf('/') + 1));
        writer.put(prefix + "block_count", sizes.layers());
        writer.put(prefix + "context_length", sizes.window());
        writer.put(prefix + "embedding_length", sizes.hidden());
        writer.put(prefix + "feed_forward_length", sizes.intermediate());
        writer.put(prefix + "attention.head_count", sizes.heads());
        writer.put(prefix + "attention.head_count_kv", sizes.keyValueHeads());
        writer.put(prefix + "attention.key_length", sizes.headWidth());
        writer.put(prefix + "attention.value_length", sizes.headWidth());
        writer.put(prefix + "attention.layer_norm_rms_epsilon", (float) sizes.normEpsilon());
        sizes.slidingWindow().ifPresent(window -> writer.put(prefix + "attention.sliding_window", window));
        writer.put(prefix + "vocab_size", sizes.vocabulary());
        writer.put(prefix + "rope.dimension_count", sizes.headWidth());
        writer.put(prefix + "rope.freq_base", (float) layout.theta());
        scaling(prefix + "rope.scaling.", layout, writer);
        GgufVocabulary.of(base.path(), sizes.vocabulary()).forEach(writer::put);
    }

    private static void scaling(String prefix, GgufLayout layout, GgufWriter writer) {
        JsonNode scaling = layout.scaling();
        String type = GgufLayout.type(scaling);
        if (!type.equals("linear") && !type.equals("yarn")) {
            return;
        }
        double factor = scaling.path("factor").asDouble();
        writer.put(prefix + "type", type);
        writer.put(prefix + "factor", (float) factor);
        if (type.equals("yarn")) {
            writer.put(
                    prefix + "original_context_length",
                    scaling.path("original_max_position_embeddings")
                            .asInt(layout.sizes().window()));
            writer.put(
                    prefix + "yarn_beta_fast", (float) scaling.path("beta_fast").asDouble(32));
            writer.put(
                    prefix + "yarn_beta_slow", (float) scaling.path("beta_slow").asDouble(1));
            if (scaling.hasNonNull("attention_factor")) {
                // llama.cpp multiplies YaRN's own attention factor by this one; Hugging Face's key replaces it.
                double own = scaling.path("attention_factor").asDouble() / (1 + 0.1 * Math.log(factor));
                writer.put(prefix + "attn_factor", (float) own);
            }
        }
    }
}
