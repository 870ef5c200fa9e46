package io.github.lift4j.engine.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.LiftException;

/**
 * How positions become rotation angles: pair {@code i} of a head of width {@code d} turns by
 * {@code position * theta^(-2i/d)}, and a scaling stretches these frequencies for windows longer than the model was
 * first trained on.
 */
sealed interface RopeScaling {

    /** Base of the frequencies, 10,000 in Llama 2 and 500,000 in Llama 3. */
    double theta();

    /** The frequency of a head's pair in radians a token, given the unscaled one. */
    double scale(double frequency, int pair, int headWidth);

    /** What queries and keys are multiplied by beside the rotation. */
    default double magnitude() {
        return 1;
    }

    /** No scaling. */
    record Plain(double theta) implements RopeScaling {
        @Override
        public double scale(double frequency, int pair, int headWidth) {
            return frequency;
        }
    }

    /** Position interpolation: every frequency divided by a factor. */
    record Linear(double theta, double factor) implements RopeScaling {
        @Override
        public double scale(double frequency, int pair, int headWidth) {
            return frequency / factor;
        }
    }

    /**
     * Llama 3.1's: long wavelengths divided by the factor, short ones kept, a ramp between.
     *
     * @param originalWindow tokens of the window before scaling
     */
    record Llama3(double theta, double factor, double lowFactor, double highFactor, double originalWindow)
            implements RopeScaling {
        @Override
        public double scale(double frequency, int pair, int headWidth) {
            double turns = originalWindow * frequency / (2 * Math.PI);
            if (turns > highFactor) {
                return frequency;
            }
            if (turns < lowFactor) {
                return frequency / factor;
            }
            double kept = (turns - lowFactor) / (highFactor - lowFactor);
            return (1 - kept) * frequency / factor + kept * frequency;
        }
    }

    /**
     * YaRN (Peng et al., 2023): pairs that turn often within the original window keep their frequency, slow ones are
     * divided by the factor, a ramp between, and attention is sharpened by the magnitude.
     */
    record Yarn(double theta, double factor, double fast, double slow, double originalWindow, double magnitude)
            implements RopeScaling {
        @Override
        public double scale(double frequency, int pair, int headWidth) {
            double low = Math.max(0, Math.floor(pairTurning(fast, headWidth)));
            double high = Math.min(headWidth - 1, Math.ceil(pairTurning(slow, headWidth)));
            double ramp = Math.clamp((pair - low) / Math.max(high - low, 1e-3), 0, 1);
            return frequency / factor * ramp + frequency * (1 - ramp);
        }

        private double pairTurning(double turns, int headWidth) {
            return headWidth * Math.log(originalWindow / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
        }
    }

    /** Reads {@code rope_theta} and {@code rope_scaling}, or the newer {@code rope_parameters} that holds both. */
    static RopeScaling fromHuggingFace(JsonNode config) {
        JsonNode parameters =
                config.hasNonNull("rope_parameters") ? config.get("rope_parameters") : config.path("rope_scaling");
        double theta = parameters.hasNonNull("rope_theta")
                ? parameters.get("rope_theta").asDouble()
                : config.path("rope_theta").asDouble(10_000);
        String type =
                parameters.path("rope_type").asText(parameters.path("type").asText("default"));
        return switch (type) {
            case "default" -> new Plain(theta);
            case "linear" -> new Linear(theta, number(parameters, "factor"));
            case "llama3" ->
                new Llama3(
                        theta,
                        number(parameters, "factor"),
                        number(parameters, "low_freq_factor"),
                        number(parameters, "high_freq_factor"),
                        number(parameters, "original_max_position_embeddings"));
            case "yarn" -> {
                double factor = number(parameters, "factor");
                yield new Yarn(
                        theta,
                        factor,
                        parameters.path("beta_fast").asDouble(32),
                        parameters.path("beta_slow").asDouble(1),
                        parameters
                                .path("original_max_position_embeddings")
                                .asDouble(config.path("max_position_embeddings").asDouble()),
                        parameters.path("attention_factor").asDouble(0.1 * Math.log(factor) + 1));
            }
            default ->
                throw new LiftException("The model's RoPE scaling '" + type
                        + "' is not supported: default, linear, llama3 and yarn are.");
        };
    }

    private static double number(JsonNode parameters, String key) {
        double value = parameters.path(key).asDouble(0);
        if (!(value > 0)) {
            throw new LiftException("The model's config.json has no usable '" + key
                    + "' in its RoPE scaling: it needs a positive number; download the model again.");
        }
        return value;
    }
}
