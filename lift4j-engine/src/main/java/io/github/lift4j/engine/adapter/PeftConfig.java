package io.github.lift4j.engine.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code adapter_config.json} says of a plain LoRA.
 *
 * @param settings how it was trained; without targets where the file has a pattern for them
 */
record PeftConfig(LoraSettings settings) {

    private static final String FILE = "adapter_config.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Ways of starting that leave the base as it is. */
    private static final Set<String> HARMLESS_STARTS = Set.of("true", "false", "gaussian", "eva", "orthogonal");

    /** Settings that make the adapter compute something else than plain LoRA, wherever they are set. */
    private static final List<String> UNKNOWN = List.of(
            "use_dora",
            "use_qalora",
            "use_bdlora",
            "fan_in_fan_out",
            "lora_bias",
            "rank_pattern",
            "alpha_pattern",
            "modules_to_save",
            "layers_to_transform",
            "layer_replication",
            "target_parameters",
            "trainable_token_indices",
            "alora_invocation_tokens",
            "megatron_config",
            "velora_config",
            "monteclora_config",
            "arrow_config",
            "kasa_config");

    /**
     * Reads the file in a folder.
     *
     * @throws LiftException where there is none, or it is of another kind than plain LoRA
     */
    static PeftConfig read(Path folder) {
        Path path = folder.resolve(FILE);
        JsonNode config;
        try {
            config = JSON.readTree(path.toFile());
        } catch (IOException e) {
            throw new LiftException(
                    "The adapter's " + path + " cannot be read: is this a folder that PEFT or lift4j wrote?", e);
        }
        unlikePlainLora(config).ifPresent(what -> {
            throw new LiftException("The adapter in " + folder + " " + what
                    + ", which lift4j cannot use: train it as plain LoRA of the attention and feed-forward layers.");
        });
        Set<String> targets = new HashSet<>();
        config.path("target_modules").forEach(node -> targets.add(node.asText()));
        return new PeftConfig(new LoraSettings(
                config.path("r").asInt(),
                config.path("lora_alpha").asDouble(),
                config.path("use_rslora").asBoolean(),
                targets));
    }

    private static Optional<String> unlikePlainLora(JsonNode config) {
        String type = config.path("peft_type").asText();
        if (!type.equals("LORA")) {
            return Optional.of("is of the kind '" + type + "'");
        }
        String bias = config.path("bias").asText("none");
        if (!bias.equals("none")) {
            return Optional.of("trains biases (bias: " + bias + ")");
        }
        String start = config.path("init_lora_weights").asText("true");
        if (!HARMLESS_STARTS.contains(start)) {
            return Optional.of("changed its base when it began (init_lora_weights: " + start + ")");
        }
        return UNKNOWN.stream()
                .filter(key -> isSet(config.path(key)))
                .map(key -> "was made with " + key + ": " + config.path(key))
                .findFirst();
    }

    private static boolean isSet(JsonNode value) {
        return value.isContainerNode()
                ? !value.isEmpty()
                : !value.isMissingNode() && !value.isNull() && !value.asText().equals("false");
    }

    /** Writes such a file for PEFT. */
    static void write(LoraSettings settings, Set<String> targets, String baseName, Path folder) {
        ObjectNode config = JSON.createObjectNode()
                .put("peft_type", "LORA")
                .put("task_type", "CAUSAL_LM")
                .put("base_model_name_or_path", baseName)
                .put("r", settings.rank())
                .put("lora_alpha", settings.alpha())
                .put("use_rslora", settings.rankStabilised())
                .put("lora_dropout", 0.0)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("inference_mode", true)
                .put("init_lora_weights", true);
        ArrayNode modules = config.putArray("target_modules");
        new TreeSet<>(targets).forEach(modules::add);
        AtomicFile.write(
                folder.resolve(FILE), out -> out.write(config.toPrettyString().getBytes(StandardCharsets.UTF_8)));
    }
}
