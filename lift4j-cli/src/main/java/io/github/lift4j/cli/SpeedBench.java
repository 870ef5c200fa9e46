package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.runtime.PeakMemory;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.evaluation.run.MachineSpeed;
import io.github.lift4j.evaluation.run.MemoriesSpeed;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift bench speed}: how fast a model trains, reads and writes on this machine. */
@Command(
        name = "speed",
        mixinStandardHelpOptions = true,
        description = "Training, prefill and decode tokens a second, best of the repetitions, and peak memory.",
        footer = {
            "",
            "Examples:",
            "  lift bench speed --batch 2 --length 512 --rank 16 --json",
            "  lift bench speed --device cuda:0 --random-weights llama-3-8b --batch 4 --length 2048 --rank 128"
        })
final class SpeedBench implements Callable<Integer> {

    @Option(names = "--batch", defaultValue = "2", description = "Sequences a step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--length", defaultValue = "512", description = "Tokens a sequence (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(
            names = "--rank",
            defaultValue = "16",
            description = "LoRA rank; 0 trains all weights (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(
            names = "--texts",
            defaultValue = "1",
            description = "Texts written side by side (default: ${DEFAULT-VALUE}).")
    private int texts;

    @Option(
            names = "--memories",
            defaultValue = "0",
            description = {
                "So many adapters of that rank write the texts,",
                "in one batch and by turns (default: ${DEFAULT-VALUE}, none)."
            })
    private int memories;

    @Option(names = "--repeat", defaultValue = "5", description = "Repetitions (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--random-weights",
            paramLabel = "SHAPE",
            description =
                    "Instead of --model one of that shape that knows nothing: llama-3-8b, llama-3.1-8b or smollm2-135m.")
    private @Nullable String shape;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        if (shape != null) {
            try (Transformer random = model.random(shape)) {
                print(random);
            }
            return 0;
        }
        try (ProgressDisplay progress = output.progress();
                Lift lift = model.open(Optional.empty(), progress)) {
            progress.close();
            print(lift.model().transformer());
        }
        return 0;
    }

    private void print(Transformer transformer) {
        PeakMemory peak = PeakMemory.since(transformer.device());
        Optional<MemoriesSpeed> several = memories == 0
                ? Optional.empty()
                : Optional.of(MemoriesSpeed.measure(transformer, memories, texts, rank, repeat));
        MachineSpeed measured =
                MachineSpeed.measure(transformer, new MachineSpeed.Workload(batch, length, rank, texts, repeat));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("device", transformer.device().toString());
        result.put("dtype", transformer.type().toString());
        result.put("train_tokens_per_second", measured.training());
        result.put("prefill_tokens_per_second", measured.prefill());
        result.put("decode_tokens_per_second", measured.decode());
        several.ifPresent(speed -> {
            result.put("memories_tokens_per_second", speed.together());
            result.put("memories_by_turns_tokens_per_second", speed.byTurns());
        });
        peak.bytes().ifPresent(bytes -> result.put("peak_memory_bytes", bytes));
        output.print(result, words(result));
    }

    private static String words(Map<String, Object> result) {
        StringBuilder words = new StringBuilder();
        result.forEach((key, value) -> words.append(
                value instanceof Double rate
                        ? String.format(Locale.ROOT, "%-36s %.1f%n", key, rate)
                        : String.format(Locale.ROOT, "%-36s %s%n", key, value)));
        return words.toString().stripTrailing();
    }
}
