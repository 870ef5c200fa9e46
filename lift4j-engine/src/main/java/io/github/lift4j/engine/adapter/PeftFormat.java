package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.engine.weights.Safetensors;
import io.github.lift4j.engine.weights.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Reads and writes a LoRA adapter as Python's PEFT does: {@code adapter_config.json} and the weights beside it. */
public final class PeftFormat {

    static final String WEIGHTS = "adapter_model.safetensors";
    static final String PREFIX = "base_model.model.";

    private PeftFormat() {}

    /** Whether a folder holds such an adapter. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(WEIGHTS));
    }

    /**
     * Writes the adapter into an existing folder.
     *
     * @param baseName what PEFT shall call the base model
     */
    public static void write(LoraAdapter adapter, String baseName, Path folder) {
        SafetensorsWriter writer = new SafetensorsWriter();
        Set<String> targets = new HashSet<>();
        for (String name : adapter.parameters().names()) {
            writer.add(PREFIX + name, adapter.parameters().get(name));
            String layer = name.substring(0, name.indexOf(".lora_"));
            targets.add(layer.substring(layer.lastIndexOf('.') + 1));
        }
        writer.write(folder.resolve(WEIGHTS));
        PeftConfig.write(adapter.settings(), targets, baseName, folder);
    }

    /**
     * Reads an adapter for this model.
     *
     * @throws LiftException where it is of another kind than plain LoRA, or was made for another model's shape
     */
    public static LoraAdapter read(Path folder, Transformer model) {
        LoraAdapter adapter = LoraAdapter.zeroed(model, PeftConfig.read(folder).settings());
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
}
