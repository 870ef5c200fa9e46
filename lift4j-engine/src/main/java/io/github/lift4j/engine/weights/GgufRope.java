package io.github.lift4j.engine.weights;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.LiftException;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The scaling of rotary positions that a GGUF file asks for, as the {@code rope_scaling} of a Hugging Face config.
 *
 * @param prefix of the architecture's keys, such as {@code llama.}
 * @param theta the base of the rotary frequencies
 * @param headDim elements per attention head
 */
record GgufRope(Gguf gguf, String prefix, double theta, long headDim) {

    /** Llama 3.1's own choice, and that of every published model with such scaling. */
    private static final double LOW_FREQUENCY_FACTOR = 1;

    private static final double HIGH_FREQUENCY_FACTOR = 4;

    /** The factors were computed with 32-bit floats. */
    private static final double TOLERANCE = 1e-4;

    Optional<ObjectNode> scaling() {
        Optional<ObjectNode> scaling =
                switch (gguf.metadata().string(prefix + "rope.scaling.type").orElse("none")) {
                    case "none" -> Optional.empty();
                    case "linear" -> Optional.of(linear());
                    case "yarn" -> Optional.of(yarn());
                    case String other ->
                        throw new LiftException(gguf.path() + " scales rotary positions by '" + other
                                + "', which is not known here; choose a model with linear, yarn or llama3 scaling.");
                };
        if (!gguf.names().contains(GgufNames.ROPE_FACTORS)) {
            return scaling;
        }
        if (scaling.isPresent()) {
            throw new LiftException(gguf.path()
                    + " scales rotary positions in two ways at once, which is not known here; choose another model.");
        }
        return llama3(factors());
    }

    private ObjectNode linear() {
        ObjectNode scaling = JsonNodeFactory.instance.objectNode();
        return scaling.put("rope_type", "linear").put("factor", required("rope.scaling.factor"));
    }

    private ObjectNode yarn() {
        GgufMetadata metadata = gguf.metadata();
        double factor = required("rope.scaling.factor");
        ObjectNode scaling = JsonNodeFactory.instance.objectNode();
        scaling.put("rope_type", "yarn").put("factor", factor);
        metadata.integer(prefix + "rope.scaling.original_context_length")
                .ifPresent(length -> scaling.put("original_max_position_embeddings", length));
        metadata.number(prefix + "rope.scaling.yarn_beta_fast").ifPresent(beta -> scaling.put("beta_fast", beta));
        metadata.number(prefix + "rope.scaling.yarn_beta_slow").ifPresent(beta -> scaling.put("beta_slow", beta));
        // llama.cpp multiplies YaRN's own attention factor by this one; Hugging Face's key replaces it.
        metadata.number(prefix + "rope.scaling.attn_factor")
                .ifPresent(own -> scaling.put("attention_factor", own * (1 + 0.1 * Math.log(factor))));
        return scaling;
    }

    private double required(String key) {
        return gguf.metadata()
                .number(prefix + key)
                .orElseThrow(() -> new LiftException(
                        gguf.path() + " lacks the metadata key " + prefix + key + "; download it again."));
    }

    private float[] factors() {
        try (Tensor tensor = gguf.read(GgufNames.ROPE_FACTORS, ScalarType.Float)) {
            return CpuTensor.memory(tensor).toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    /**
     * Llama 3.1's scaling divides low frequencies by a factor, leaves high ones, and blends between. A GGUF file keeps
     * only the resulting divisors; the original length of the context is found by trying which one gives them.
     */
    private Optional<ObjectNode> llama3(float[] divisors) {
        double factor = 1;
        for (float divisor : divisors) {
            factor = Math.max(factor, divisor);
        }
        if (divisors.length != headDim / 2) {
            throw unknownFactors();
        }
        if (factor == 1) {
            return Optional.empty();
        }
        for (long length = 16; length <= 1 << 24; length *= 2) {
            if (gives(divisors, factor, length)) {
                ObjectNode scaling = JsonNodeFactory.instance.objectNode();
                return Optional.of(scaling.put("rope_type", "llama3")
                        .put("factor", factor)
                        .put("low_freq_factor", LOW_FREQUENCY_FACTOR)
                        .put("high_freq_factor", HIGH_FREQUENCY_FACTOR)
                        .put("original_max_position_embeddings", length));
            }
        }
        throw unknownFactors();
    }

    private boolean gives(float[] divisors, double factor, long originalLength) {
        for (int i = 0; i < divisors.length; i++) {
            double frequency = Math.pow(theta, -2.0 * i / headDim);
            double rotations = originalLength * frequency / (2 * Math.PI);
            double smooth = (rotations - LOW_FREQUENCY_FACTOR) / (HIGH_FREQUENCY_FACTOR - LOW_FREQUENCY_FACTOR);
            double kept = Math.clamp(smooth, 0, 1);
            double divisor = 1 / ((1 - kept) / factor + kept);
            if (!(Math.abs(divisors[i] - divisor) <= TOLERANCE * divisor)) { // not true of NaN
                return false;
            }
        }
        return true;
    }

    private LiftException unknownFactors() {
        return new LiftException("The rotary factors in " + gguf.path()
                + " are not those of Llama 3.1's scaling, others are not known here; choose another model.");
    }
}
