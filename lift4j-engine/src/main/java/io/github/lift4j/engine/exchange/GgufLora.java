package io.github.lift4j.engine.exchange;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.LoraFile;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.runtime.NativeScope;
import io.github.lift4j.engine.weights.GgmlType;
import io.github.lift4j.engine.weights.GgufWriter;
import java.nio.file.Path;

/** A low-rank adapter as a GGUF file that {@code llama-cli --lora} puts on its base. */
public final class GgufLora {

    private GgufLora() {}

    /**
     * Writes the adapter in a folder.
     *
     * @param base what it was trained on
     * @param adapter a folder in PEFT's format
     * @param type F32, F16 or BF16
     * @throws LiftException where the folder holds no plain LoRA, or the file cannot be written
     */
    public static void write(StoredModel base, Path adapter, GgmlType type, Path file) {
        GgufLayout layout = GgufLayout.of(base.config());
        try (LoraFile lora = LoraFile.open(adapter)) {
            GgufWriter writer = new GgufWriter();
            writer.put("general.type", "adapter");
            writer.put("general.architecture", layout.architecture());
            writer.put("general.name", String.valueOf(adapter.getFileName()));
            writer.put("adapter.type", "lora");
            // llama.cpp scales by alpha / rank, whatever the adapter was trained with.
            writer.put("adapter.lora.alpha", (float)
                    (lora.settings().scale() * lora.settings().rank()));
            for (String layer : lora.layers()) {
                String weight = layer + ".weight";
                String name = layout.name(weight);
                writer.add(name + ".lora_a", type, lora.downShape(layer), () -> lora.down(layer));
                writer.add(
                        name + ".lora_b",
                        type,
                        lora.upShape(layer),
                        () -> NativeScope.keeping(() -> layout.rows(weight, lora.up(layer))));
            }
            writer.write(file);
        }
    }
}
