package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.evaluation.efficiency.Crossover;
import io.github.lift4j.evaluation.efficiency.Curve;
import io.github.lift4j.evaluation.efficiency.EfficiencyTrial;
import io.github.lift4j.evaluation.efficiency.Fit;
import io.github.lift4j.evaluation.needle.Haystack;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lift bench efficiency}: how the time to the first token grows with the input, absorbed or read (Figure 3). */
@Command(
        name = "efficiency",
        mixinStandardHelpOptions = true,
        description = {
            "Hides a needle in inputs of each length and takes the time from the text to the first token of an answer:",
            "reading the whole input into the window (icl), and absorbing it, once through (lift). A straight line and a",
            "parabola are fitted, and with both modes the length is told from which on absorbing is faster."
        },
        footer = {"", "Example:", "  lift bench efficiency --data niah/PaulGrahamEssays --lengths 1024,2048,4096,8000"})
final class EfficiencyBench implements Callable<Integer> {

    private static final String HEADER = String.format(
            Locale.ROOT, "%-6s %10s %10s %10s %10s %12s", "mode", "tokens", "seconds", "absorb", "answer", "memory GB");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            required = true,
            description = "A folder of plain texts to make inputs of, such as the needle test's essays.")
    private Path data;

    @Option(
            names = "--lengths",
            paramLabel = "N,...",
            split = ",",
            defaultValue = "1024,2048,4096,8000",
            description = "Tokens of the inputs (default: ${DEFAULT-VALUE}).")
    private List<Integer> lengths;

    @Option(names = "--repeat", defaultValue = "1", description = "Repetitions (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--modes",
            paramLabel = "M,...",
            split = ",",
            defaultValue = "icl,lift",
            description = "icl, lift, or both (default: ${DEFAULT-VALUE}).")
    private List<String> modes;

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            defaultValue = "paper",
            description = "How lift absorbs, whatever its epochs (default: ${DEFAULT-VALUE}).")
    private String recipe;

    @Option(
            names = "--random-weights",
            paramLabel = "SHAPE",
            description = "A model of that shape that knows nothing: llama-3.1-8b, say; --model lends its tokenizer.")
    private @Nullable String shape;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Recipe once = EfficiencyTrial.oneEpoch(RecipeFile.read(recipe));
        List<Finding.Timing> timings = new ArrayList<>();
        ModelConfig config;
        try (ProgressDisplay progress = output.progress();
                Lift lift =
                        shape == null ? model.open(Optional.empty(), progress) : model.openRandom(shape, progress)) {
            config = lift.model().transformer().config();
            EfficiencyTrial trial = new EfficiencyTrial(lift, Haystack.open(data));
            try (WorkFolder work = WorkFolder.of(null)) {
                trial.warmUp(unit(lift, once, lengths.getFirst(), 0), work.path());
            }
            output.say(HEADER);
            for (int length : lengths) {
                for (int i = 0; i < repeat; i++) {
                    measure(trial, unit(lift, once, length, i), timings);
                }
            }
        }
        List<Curve> curves =
                modes.stream().map(mode -> Curve.ofSeconds(mode, timings)).toList();
        output.print(json(timings, curves, config), words(curves, config));
        return 0;
    }

    private void measure(EfficiencyTrial trial, Unit.Speed unit, List<Finding.Timing> timings) throws IOException {
        try (WorkFolder work = WorkFolder.of(null)) {
            for (Finding finding : trial.of(unit, work.path())) {
                if (finding instanceof Finding.Timing timing) {
                    timings.add(timing);
                    output.say(row(timing));
                }
            }
        }
    }

    private Unit.Speed unit(Lift lift, Recipe once, int length, int repetition) {
        return new Unit.Speed(lift.model().name(), "", length, repetition, Optional.of(once), repetition, modes);
    }

    private static String row(Finding.Timing timing) {
        if (timing.seconds().isEmpty()) {
            return String.format(
                    Locale.ROOT,
                    "%-6s %10d %s",
                    timing.mode(),
                    timing.tokens(),
                    timing.outOfMemory() ? "out of memory" : "longer than the window");
        }
        return String.format(
                Locale.ROOT,
                "%-6s %10d %10.2f %10.2f %10.2f %12.1f",
                timing.mode(),
                timing.tokens(),
                timing.seconds().getAsDouble(),
                timing.parts().getOrDefault("absorb", 0.0),
                timing.parts().getOrDefault("answer", 0.0),
                timing.peakBytes().orElse(0) / 1e9);
    }

    private static Optional<Curve> of(List<Curve> curves, String mode) {
        return curves.stream().filter(curve -> curve.mode().equals(mode)).findFirst();
    }

    private static Optional<Crossover> crossover(List<Curve> curves) {
        return of(curves, "lift")
                .flatMap(lift -> of(curves, "icl").flatMap(icl -> Crossover.of(lift, icl, new SplittableRandom(0))));
    }

    /**
     * Operations a second of the attention that ICL waits for: {@code 2 layers heads headWidth} for each pair of tokens that
     * see each other, over the seconds that the parabola has for it. Empty where these vanish beside the rest.
     */
    private static Optional<Double> attention(List<Curve> curves, ModelConfig config) {
        double operations = 2.0 * config.layers() * config.heads() * config.headWidth();
        return of(curves, "icl")
                .flatMap(Curve::quadratic)
                .map(fit -> fit.coefficients().get(2) / 1e6)
                .filter(seconds -> seconds > 0)
                .map(seconds -> operations / seconds);
    }

    private String words(List<Curve> curves, ModelConfig config) {
        StringBuilder words = new StringBuilder();
        for (Curve curve : curves) {
            curve.linear().ifPresent(fit -> words.append(words(curve.mode(), "straight line", fit)));
            curve.quadratic().ifPresent(fit -> words.append(words(curve.mode(), "parabola", fit)));
        }
        attention(curves, config)
                .ifPresent(rate -> words.append(String.format(
                        Locale.ROOT, "icl    attention at %.3g TFLOP/s, by the parabola's last term%n", rate / 1e12)));
        crossover(curves)
                .ifPresent(crossover -> words.append(String.format(
                        Locale.ROOT,
                        "absorbing is faster from %.0f tokens on (95%% interval %.0f to %.0f; both were measured up to %d)%n",
                        crossover.tokens(),
                        crossover.low(),
                        crossover.high(),
                        crossover.longestMeasured())));
        return words.toString().stripTrailing();
    }

    /** Coefficients are for thousands of tokens. */
    private static String words(String mode, String form, Fit fit) {
        StringBuilder words = new StringBuilder(String.format(Locale.ROOT, "%-6s %-14s", mode, form));
        List<String> powers = List.of("", " k", " k^2");
        for (int power = 0; power < fit.coefficients().size(); power++) {
            words.append(String.format(
                    Locale.ROOT,
                    "%s%.4g%s",
                    power == 0 ? "" : " + ",
                    fit.coefficients().get(power),
                    powers.get(power)));
        }
        return words + String.format(Locale.ROOT, " seconds for k thousand tokens, R2 %.4f%n", fit.r2());
    }

    private Map<String, Object> json(List<Finding.Timing> timings, List<Curve> curves, ModelConfig config) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("recipe", recipe);
        all.put("timings", timings.stream().map(EfficiencyBench::json).toList());
        all.put("fits", fits(curves, Curve::linear));
        all.put("parabolas", fits(curves, Curve::quadratic));
        attention(curves, config).ifPresent(rate -> all.put("icl_attention_flops", rate));
        crossover(curves)
                .filter(found -> !Double.isInfinite(found.tokens()))
                .ifPresent(found -> all.put("crossover", found));
        return all;
    }

    private static List<Map<String, Object>> fits(List<Curve> curves, Function<Curve, Optional<Fit>> form) {
        return curves.stream()
                .flatMap(curve -> form.apply(curve).stream()
                        .map(fit -> Map.<String, Object>of(
                                "mode", curve.mode(), "coefficients", fit.coefficients(), "r2", fit.r2())))
                .toList();
    }

    private static Map<String, Object> json(Finding.Timing timing) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("mode", timing.mode());
        row.put("tokens", timing.tokens());
        timing.seconds().ifPresent(seconds -> row.put("seconds", seconds));
        row.putAll(timing.parts());
        timing.peakBytes().ifPresent(bytes -> row.put("peak_bytes", bytes));
        row.put("out_of_memory", timing.outOfMemory());
        return row;
    }
}
