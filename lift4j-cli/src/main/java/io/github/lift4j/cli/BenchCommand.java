package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.training.AdamW;
import io.github.lift4j.engine.training.Trainer;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lift bench}: how fast this machine is, and with {@link RecipesBench} how good recipes are. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures this machine, and what comes of recipes.",
        subcommands = RecipesBench.class)
final class BenchCommand implements Runnable {

    private static final int PREFILL_TOKENS = 1024;
    private static final int DECODE_TOKENS = 64;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "bench needs one of: speed, recipes.");
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
            double training = training(transformer, batch, length, rank, repeat);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("device", transformer.device().toString());
            result.put("dtype", transformer.type().toString());
            result.put("train_tokens_per_second", training);
            result.put("prefill_tokens_per_second", prefill(transformer, repeat));
            result.put("decode_tokens_per_second", decode(transformer, repeat));
            result.put("peak_memory_bytes", ProcessMemory.peakBytes());
            output.print(result, words(result));
        }
        return 0;
    }

    private static double training(Transformer model, int batch, int length, int rank, int repeat) {
        SplittableRandom random = new SplittableRandom(0);
        List<Double> rates = new ArrayList<>();
        try (LoraAdapter adapter = LoraAdapter.create(model, LoraSettings.allLinear(rank, 2.0 * rank), random);
                Trainer trainer =
                        new Trainer(model, adapter, AdamW.DEFAULT, OptionalDouble.empty(), Integer.MAX_VALUE)) {
            for (int i = 0; i < repeat; i++) {
                List<TrainingExample> examples = new ArrayList<>();
                for (int b = 0; b < batch; b++) {
                    examples.add(TrainingExample.uniform(ids(random, model, length), 1f / (batch * (length - 1))));
                }
                long start = System.nanoTime();
                trainer.step(examples, 1e-4);
                rates.add(batch * length / seconds(start));
            }
        }
        return Collections.max(rates);
    }

    private static double prefill(Transformer model, int repeat) {
        SplittableRandom random = new SplittableRandom(1);
        double best = 0;
        for (int i = 0; i < repeat; i++) {
            try (Context context = new Context(model, Adaptation.NONE)) {
                int[] prompt = ids(
                        random, model, Math.min(PREFILL_TOKENS, model.config().window()));
                long start = System.nanoTime();
                context.read(prompt);
                best = Math.max(best, prompt.length / seconds(start));
            }
        }
        return best;
    }

    private static double decode(Transformer model, int repeat) {
        double best = 0;
        for (int i = 0; i < repeat; i++) {
            try (Context context = new Context(model, Adaptation.NONE)) {
                context.read(ids(new SplittableRandom(2), model, 32));
                long start = System.nanoTime();
                int written = context.generate(Sampling.GREEDY, Set.of(), DECODE_TOKENS, id -> {});
                best = Math.max(best, written / seconds(start));
            }
        }
        return best;
    }

    private static int[] ids(SplittableRandom random, Transformer model, int count) {
        return random.ints(count, 0, model.config().vocabulary()).toArray();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
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
