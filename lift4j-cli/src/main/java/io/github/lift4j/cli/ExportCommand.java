package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.exchange.ExportFormat;
import io.github.lift4j.exchange.MemoryExport;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift export}: a memory for other programs. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes a memory as files that PEFT, vLLM or llama.cpp load.",
        footer = {
            "",
            "Examples:",
            "  lift export book.memory --format gguf --out book.gguf",
            "  lift export book.memory --format gguf-lora --out book-lora.gguf",
            "  lift export book.memory --format safetensors --out book-model",
            "",
            "Nothing is loaded whole: it takes little more memory than the model's largest weight."
        })
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MEMORY", description = "The folder that absorb wrote.")
    private Path folder;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = {
                "peft (the adapter, a folder), safetensors (the whole model, a Hugging Face folder), gguf (the whole",
                "model, a file) or gguf-lora (the adapter, a file)."
            })
    private String format;

    @Option(names = "--out", paramLabel = "PATH", required = true, description = "The new folder or file.")
    private Path out;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = {
                "Of the weights: bfloat16 (default) or float32 for safetensors; float16 (default), bfloat16, float32 or",
                "q8_0 for gguf; float32 (default), float16 or bfloat16 for gguf-lora."
            })
    private @Nullable String dtype;

    @Option(
            names = {"--model", "--base"},
            paramLabel = "MODEL",
            description = "The memory's base, where it is not at the place that the memory names.")
    private @Nullable String model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        ExportFormat as = ExportFormat.parse(format, Optional.ofNullable(dtype));
        Memory memory = Memory.open(folder);
        String base = model == null ? memory.manifest().baseName() : model;
        try (ProgressDisplay progress = output.progress();
                StoredModel stored =
                        Lift.stored(LiftOptions.defaults().withModel(base).withProgress(progress))) {
            new MemoryExport(memory, stored, progress).write(as, out);
            progress.close();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("path", out.toString());
            result.put("format", format);
            output.print(result, "Wrote " + out + ".");
        }
        return 0;
    }
}
