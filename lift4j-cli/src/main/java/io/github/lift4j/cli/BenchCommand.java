package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.evaluation.run.MachineSpeed;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code lift bench}: how fast this machine is, with {@link RecipesBench} how good recipes are, and with {@link SuiteBench}
 * the benchmarks ({@link ScoreBench} and {@link ExportBench} go on with their results).
 */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this machine, what comes of recipes, and benchmarks.",
        subcommands = {RecipesBench.class, SuiteBench.class, ScoreBench.class, ExportBench.class})
final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "bench needs one of: speed, recipes, run, score, export.");
    }

    @Command(
            description = "Training, prefill and decode tokens a second, best of the repetitions, and peak memory.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example:", "  lift bench speed --batch 2 --length 512 --rank 16 --json"})
    int speed(
            @Option(names = "--batch", defaultValue = "2", description = "Sequences a step (default: 2).") int batch,
            @Option(names = "--length", defaultValue = "512", description = "Tokens a sequence (default: 512).")
                    int length,
            @Option(names = "--rank", defaultValue = "16", description = "LoRA rank (default: 16).") int rank,
            @Option(names = "--repeat", defaultValue = "5", description = "Repetitions (default: 5).") int repeat,
            @Mixin ModelOptions model,
            @Mixin OutputOptions output) {
        try (ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.empty(), progress)) {
            progress.close();
            Transformer transformer = lift.model().transformer();
            MachineSpeed measured = MachineSpeed.measure(transformer, batch, length, rank, repeat);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("device", transformer.device().toString());
            result.put("dtype", transformer.type().toString());
            result.put("train_tokens_per_second", measured.training());
            result.put("prefill_tokens_per_second", measured.prefill());
            result.put("decode_tokens_per_second", measured.decode());
            result.put("peak_memory_bytes", ProcessMemory.peakBytes());
            output.print(result, words(result));
        }
        return 0;
    }

    private static String words(Map<String, Object> result) {
        StringBuilder words = new StringBuilder();
        result.forEach((key, value) -> words.append(
                value instanceof Double rate
                        ? String.format(Locale.ROOT, "%-28s %.1f%n", key, rate)
                        : String.format(Locale.ROOT, "%-28s %s%n", key, value)));
        return words.toString().stripTrailing();
    }
}
