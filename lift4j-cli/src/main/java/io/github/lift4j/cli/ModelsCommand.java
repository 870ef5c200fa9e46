package io.github.lift4j.cli;

import io.github.lift4j.engine.hub.CachedModel;
import io.github.lift4j.engine.hub.HubSettings;
import io.github.lift4j.engine.hub.ModelHub;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift models}: what is in the cache. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = "Lists, fetches and removes models.",
        footer = {"", "Examples:", "  lift models list", "  lift models pull Qwen/Qwen2.5-0.5B-Instruct"})
final class ModelsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "models needs one of: list, pull, remove.");
    }

    private static ModelHub hub() {
        return ModelHub.of(HubSettings.fromEnvironment(System.getenv()));
    }

    @Command(description = "Lists the models on this machine.", mixinStandardHelpOptions = true)
    int list(@Mixin OutputOptions output) {
        List<CachedModel> models = hub().cached();
        StringBuilder words = new StringBuilder(models.isEmpty() ? "No models yet: lift models pull MODEL" : "");
        for (CachedModel model : models) {
            words.append(String.format(
                    Locale.ROOT,
                    "%-48s %8.1f MB  %s%n",
                    model.id(),
                    model.bytes() / 1e6,
                    model.complete() ? model.path() : "unfinished, pull it again"));
        }
        List<Map<String, Object>> rows = models.stream()
                .map(m -> Map.<String, Object>of(
                        "id", m.id(), "size_bytes", m.bytes(), "path", m.path().toString(), "complete", m.complete()))
                .toList();
        output.print(Map.of("models", rows), words.toString().stripTrailing());
        return 0;
    }

    @Command(description = "Fetches a model, or its newest state.", mixinStandardHelpOptions = true)
    int pull(
            @Parameters(paramLabel = "MODEL", description = "Hugging Face id.") String model,
            @Mixin OutputOptions output) {
        try (ProgressDisplay progress = output.progress()) {
            Path path = hub().pull(model, progress);
            progress.close();
            output.print(Map.of("model", model, "path", path.toString()), model + " is at " + path);
        }
        return 0;
    }

    @Command(description = "Removes a model from this machine.", mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "MODEL", description = "An id that list shows.") String model,
            @Mixin OutputOptions output) {
        long bytes = hub().remove(model);
        output.print(
                Map.of("model", model, "freed_bytes", bytes),
                String.format(Locale.ROOT, "Removed %s, %.1f MB.", model, bytes / 1e6));
        return 0;
    }
}
