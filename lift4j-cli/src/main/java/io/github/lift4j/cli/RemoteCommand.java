package io.github.lift4j.cli;

import io.github.lift4j.remote.FineTuning;
import io.github.lift4j.remote.FineTuningStatus;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lift remote}: the same with a closed model, through its provider's fine-tuning API. */
@Command(
        name = "remote",
        mixinStandardHelpOptions = true,
        description = "Teaches a provider's closed model a document through its fine-tuning API, and asks it.",
        subcommands = {RemoteAbsorbCommand.class, RemoteAskCommand.class},
        footer = {
            "",
            "The API key is read from the environment (OPENAI_API_KEY), and never written anywhere.",
            "",
            "Examples:",
            "  lift remote absorb book.pdf --model gpt-3.5-turbo-1106 --out book.remote",
            "  lift remote ask book.remote \"Who built the lighthouse?\" --mode lift+icl"
        })
final class RemoteCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "remote needs one of: absorb, ask, status, cancel.");
    }

    @Command(description = "Says how far a fine-tuning has come.", mixinStandardHelpOptions = true)
    int status(
            @Parameters(paramLabel = "DIR", description = "The folder that remote absorb writes.") Path folder,
            @Mixin EndpointOptions provider,
            @Mixin OutputOptions output) {
        try (FineTuning tuning = open(folder, provider)) {
            print(folder, tuning.status(), output);
        }
        return 0;
    }

    @Command(
            description = "Stops a fine-tuning's job; what was trained until then is lost.",
            mixinStandardHelpOptions = true)
    int cancel(
            @Parameters(paramLabel = "DIR", description = "The folder that remote absorb writes.") Path folder,
            @Mixin EndpointOptions provider,
            @Mixin OutputOptions output) {
        try (FineTuning tuning = open(folder, provider)) {
            tuning.cancel();
            print(folder, tuning.status(), output);
        }
        return 0;
    }

    static FineTuning open(Path folder, EndpointOptions provider) {
        return FineTuning.open(provider.endpoint(), folder, RandomGenerator.getDefault());
    }

    static void print(Path folder, FineTuningStatus status, OutputOptions output) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("memory", folder.toString());
        result.put("title", status.title());
        result.put("base_model", status.baseModel());
        result.put("job", status.job().orElse(null));
        result.put("status", status.status());
        result.put("model", status.model().orElse(null));
        result.put("said", status.said().orElse(null));
        output.print(result, words(folder, status));
    }

    private static String words(Path folder, FineTuningStatus status) {
        if (status.model().isPresent()) {
            return "%s absorbed \"%s\" and is called %s.%nAsk it: lift remote ask %s \"...\""
                    .formatted(
                            status.baseModel(), status.title(), status.model().get(), folder);
        }
        return "%s for \"%s\": %s%s%s"
                .formatted(
                        status.baseModel(),
                        status.title(),
                        status.status(),
                        status.job().map(id -> ", job " + id).orElse(", no job yet"),
                        status.said().map(said -> ": " + said).orElse(""));
    }
}
