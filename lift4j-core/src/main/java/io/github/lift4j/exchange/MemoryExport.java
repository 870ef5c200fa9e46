package io.github.lift4j.exchange;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.adapter.LoraFile;
import io.github.lift4j.engine.adapter.TunedWeights;
import io.github.lift4j.engine.exchange.GgufLora;
import io.github.lift4j.engine.exchange.GgufModel;
import io.github.lift4j.engine.exchange.ModelFolder;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A memory on its way to another program. Nothing is loaded: weights are read, changed and written one at a time.
 *
 * @param memory what was learned
 * @param base what it was learned on; stays the caller's
 * @param progress hears of weights as they are written
 */
public record MemoryExport(Memory memory, StoredModel base, Progress progress) {

    /**
     * Writes it.
     *
     * @param out a file for the GGUF formats, else a folder; its parents are made
     * @throws LiftException where there is something at {@code out} already, the base is another one, the memory cannot
     *     have that format, or it cannot be written
     */
    public void write(ExportFormat format, Path out) {
        memory.requireBase(base);
        switch (format) {
            case ExportFormat.Peft _ -> {
                requireAdapter();
                Destination.folder(out, this::adapter);
            }
            case ExportFormat.GgufLora adapter -> {
                requireAdapter();
                Destination.file(out, file -> GgufLora.write(base, memory.folder(), adapter.type(), file));
            }
            case ExportFormat.Safetensors model ->
                Destination.folder(
                        out, folder -> merged(all -> ModelFolder.write(base, all, model.type(), folder, progress)));
            case ExportFormat.Gguf model ->
                Destination.file(out, file -> merged(all -> GgufModel.write(base, all, model.type(), file, progress)));
        }
    }

    private void adapter(Path folder) {
        try (LoraFile lora = LoraFile.open(memory.folder())) {
            lora.copyTo(folder, base.name());
        }
    }

    /** Gives the base's weights with what was learned in them. */
    private void merged(Consumer<TunedWeights> use) {
        try (TunedWeights weights = TunedWeights.open(base, memory.folder())) {
            use.accept(weights);
        }
    }

    private void requireAdapter() {
        if (memory.manifest().recipe().adapter().rank() == 0) {
            throw new LiftException("The memory " + memory.folder()
                    + " is all of the model's weights and no adapter: use --format safetensors or gguf.");
        }
        if (base.tuned()) {
            throw new LiftException("The memory " + memory.folder()
                    + " is an adapter for a base that was fine-tuned beforehand, which other programs do not have:"
                    + " use --format safetensors or gguf.");
        }
    }
}
