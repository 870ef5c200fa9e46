package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.exchange.MemoryImport;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift import}: an adapter from elsewhere. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Makes a memory of a LoRA adapter that Python's PEFT wrote.",
        footer = {
            "",
            "Example:",
            "  lift import adapter/ --base HuggingFaceTB/SmolLM2-135M-Instruct --out adapter.memory",
            "  lift ask adapter.memory \"Who built the lighthouse?\" --mode lift",
            "",
            "It has no document, so --mode lift is the only mode that can use it."
        })
final class ImportCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "PEFT_FOLDER",
            description = "A folder with adapter_config.json and adapter_model.safetensors.")
    private Path adapter;

    @Option(
            names = {"--base", "--model"},
            paramLabel = "MODEL",
            description = "What it was trained on (default: SmolLM2-135M-Instruct).")
    private @Nullable String base;

    @Option(names = "--out", paramLabel = "MEMORY", required = true, description = "The memory's new folder.")
    private Path out;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        try (ProgressDisplay progress = output.progress()) {
            LiftOptions options = LiftOptions.defaults().withProgress(progress);
            try (StoredModel stored = Lift.stored(base == null ? options : options.withModel(base))) {
                Memory memory = MemoryImport.of(adapter, stored, out);
                progress.close();
                print(memory);
            }
        }
        return 0;
    }

    private void print(Memory memory) {
        var trained = memory.manifest().recipe().adapter();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("memory", out.toString());
        result.put("rank", trained.rank());
        result.put("alpha", trained.alpha());
        output.print(
                result, "Imported the adapter into " + out + "; ask it with: lift ask " + out + " \"...\" --mode lift");
    }
}
