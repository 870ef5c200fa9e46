package io.github.lift4j.engine.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.weights.GgufNames;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * How llama.cpp lays out a model of Hugging Face's.
 *
 * @param config the model's config.json
 * @param sizes what it says
 */
record GgufLayout(JsonNode config, ModelConfig sizes) {

    static GgufLayout of(JsonNode config) {
        return new GgufLayout(config, ModelConfig.fromHuggingFace(config));
    }

    /** llama.cpp knows Mistral as a Llama. */
    String architecture() {
        return sizes.family().equals("mistral") ? "llama" : sizes.family();
    }

    /**
     * The name that llama.cpp has for a weight.
     *
     * @throws LiftException where it has none
     */
    String name(String huggingFace) {
        return GgufNames.ofHuggingFace(huggingFace)
                .orElseThrow(() -> new LiftException("The weight " + huggingFace
                        + " has no place in llama.cpp's models of this family: export as safetensors."));
    }

    /**
     * A weight as llama.cpp wants its rows, {@code [rows, ..]}; the other way round than the reader's. In its Llamas the
     * rotary embedding turns neighbouring elements of a head, in Hugging Face's element i with element i + half.
     */
    Tensor rows(String huggingFace, Tensor weight) {
        boolean queries = huggingFace.contains(".self_attn.q_proj.");
        boolean rotated = queries || huggingFace.contains(".self_attn.k_proj.");
        if (!rotated || !architecture().equals("llama")) {
            return weight;
        }
        long[] shape = weight.sizes().vec().get();
        long heads = queries ? sizes.heads() : sizes.keyValueHeads();
        long columns = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        return weight.reshape(heads, 2, sizes.headWidth() / 2, columns)
                .transpose(1, 2)
                .reshape(shape);
    }

    /**
     * By what Llama 3.1's scaling divides the frequencies, which llama.cpp reads from a tensor; empty for a model
     * without it.
     *
     * @return {@code [head width / 2]}
     */
    Optional<float[]> rotaryDivisors() {
        JsonNode scaling = scaling();
        if (!type(scaling).equals("llama3")) {
            return Optional.empty();
        }
        double factor = scaling.path("factor").asDouble();
        double low = scaling.path("low_freq_factor").asDouble();
        double high = scaling.path("high_freq_factor").asDouble();
        float[] divisors = new float[sizes.headWidth() / 2];
        for (int i = 0; i < divisors.length; i++) {
            double frequency = Math.pow(theta(), -2.0 * i / sizes.headWidth());
            double turns = scaling.path("original_max_position_embeddings").asDouble() * frequency / (2 * Math.PI);
            double kept = Math.clamp((turns - low) / (high - low), 0, 1);
            divisors[i] = (float) (1 / ((1 - kept) / factor + kept));
        }
        return Optional.of(divisors);
    }

    /** The base of the rotary frequencies. */
    double theta() {
        return scaling().path("rope_theta").asDouble(config.path("rope_theta").asDouble(10_000));
    }

    /** {@code rope_scaling}, or the newer {@code rope_parameters}; a missing node where there is neither. */
    JsonNode scaling() {
        return config.hasNonNull("rope_parameters") ? config.path("rope_parameters") : config.path("rope_scaling");
    }

    /** The kind of a scaling, {@code default} for none. */
    static String type(JsonNode scaling) {
        return scaling.path("rope_type").asText(scaling.path("type").asText("default"));
    }
}
