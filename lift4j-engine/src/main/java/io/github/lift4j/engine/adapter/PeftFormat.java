package io.github.lift4j.engine.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.weights.Safetensors;
import io.github.lift4j.engine.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Reads and writes a LoRA adapter as Python's PEFT does: {@code adapter_config.json} and the weights beside it. */
public final class PeftFormat {

    private static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String PREFIX = "base_model.model.";
    private static final ObjectMapper JSON = new ObjectMapper();

    private PeftFormat() {}

    /**
     * Writes the adapter into an existing folder.
     *
     * @param baseName what PEFT shall call the base model
     */
    public static void write(LoraAdapter adapter, String baseName, Path folder) {
        SafetensorsWriter writer = new SafetensorsWriter();
        Set<String> targets = new TreeSet<>();
        for (String name : adapter.parameters().names()) {
            writer.add(PREFIX + name, adapter.parameters().get(name));
            String layer = name.substring(0, name.indexOf(".lora_"));
            targets.add(layer.substring(layer.lastIndexOf('.') + 1));
        }
        writer.write(folder.resolve(WEIGHTS));
        ObjectNode config = JSON.createObjectNode()
                .put("peft_type", "LORA")
                .put("task_type", "CAUSAL_LM")
                .put("base_model_name_or_path", baseName)
                .put("r", adapter.settings().rank())
                .put("lora_alpha", adapter.settings().alpha())
                .put("use_rslora", adapter.settings().rankStabilised())
                .put("lora_dropout", 0.0)
                .put("bias", "none")
                .put("fan_in_fan_out", false)
                .put("inference_mode", true)
                .put("init_lora_weights", true);
        ArrayNode modules = config.putArray("target_modules");
        targets.forEach(modules::add);
        AtomicFile.write(
                folder.resolve(CONFIG), out -> out.write(config.toPrettyString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Reads an adapter for this model.
     *
     * @throws LiftException where it is of another kind than plain LoRA, or was made for another model's shape
     */
    public static LoraAdapter read(Path folder, Transformer model) {
        LoraAdapter adapter = LoraAdapter.zeroed(model, settings(folder));
        try (Safetensors file = Safetensors.open(folder.resolve(WEIGHTS))) {
            Set<String> unread = new HashSet<>(file.names());
            for (String name : adapter.parameters().names()) {
                fill(adapter.parameters().get(name), file, PREFIX + name, folder);
                unread.remove(PREFIX + name);
            }
            if (!unread.isEmpty()) {
                throw new LiftException("The adapter in " + folder + " changes "
                        + unread.iterator().next()
                        + ", which is not a linear layer of this model: it was made for another base.");
            }
            return adapter;
        } catch (RuntimeException e) {
            adapter.close();
            throw e;
        }
    }

    private static void fill(Tensor target, Safetensors file, String name, Path folder) {
        if (!file.names().contains(name)
                || !Arrays.equals(file.shape(name), target.sizes().vec().get())) {
            throw new LiftException("The adapter in " + folder + " has no weight " + name + " of the shape "
                    + Arrays.toString(target.sizes().vec().get()) + ": it was made for another base model.");
        }
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            target.copy_(file.read(name, ScalarType.Float));
        }
    }

    static LoraSettings settings(Path folder) {
        Path path = folder.resolve(CONFIG);
        JsonNode config;
        try {
            config = JSON.readTree(path.toFile());
        } catch (IOException e) {
            throw new LiftException(
                    "The adapter's " + path + " cannot be read: is this a folder that PEFT or lift4j" + " wrote?", e);
        }
        boolean plain = config.path("peft_type").asText().equals("LORA")
                && !config.path("use_dora").asBoolean()
                && !config.path("fan_in_fan_out").asBoolean()
                && config.path("rank_pattern").isEmpty()
                && config.path("alpha_pattern").isEmpty()
                && config.path("bias").asText("none").equals("none");
        if (!plain) {
            throw new LiftException(
                    "The adapter in " + folder
                            + " is not a plain LoRA (DoRA, rank patterns and biases are not supported): train it as plain LoRA.");
        }
        Set<String> targets = new HashSet<>();
        config.path("target_modules").forEach(node -> targets.add(node.asText()));
        return new LoraSettings(
                config.path("r").asInt(),
                config.path("lora_alpha").asDouble(),
                config.path("use_rslora").asBoolean(),
                config.path("target_modules").isArray() ? targets : Set.of());
    }
}
