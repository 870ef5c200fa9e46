package io.github.lift4j.report;

import io.github.lift4j.evaluation.order.OrderTrial;
import io.github.lift4j.evaluation.result.Effort;
import io.github.lift4j.evaluation.result.Environment;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.RunFolder;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A run's folder with findings that were invented: two models, several sets and modes, and much that is not there. */
final class InventedRun {

    static final String SMALL = "HuggingFaceTB/SmolLM2-135M-Instruct";
    static final String LLAMA = "meta-llama/Meta-Llama-3-8B-Instruct";
    static final String ATTACK = "<script>alert('gulls')</script> & \"more\" | *less*";

    private static final Recipe FAST = RecipeFile.named("fast");
    private static final int QUESTIONS = 4;

    private final List<Result> results = new ArrayList<>();

    /** All of it. */
    static RunFolder whole(Path folder) {
        InventedRun run = new InventedRun();
        run.reading(SMALL, "loogle/shortdep_qa", "shortdep_qa", Optional.empty(), 0, "base", "icl");
        for (long seed : List.of(0L, 1L)) {
            run.reading(SMALL, "loogle/shortdep_qa", "shortdep_qa", Optional.of(FAST), seed, "lift", "lift+icl");
        }
        for (String kind : List.of("computation", "timeline_reorder")) {
            run.reading(SMALL, "loogle/longdep_qa", kind, Optional.empty(), 0, "icl", "evidence+icl:gold");
            run.reading(SMALL, "loogle/longdep_qa", kind, Optional.of(FAST), 0, "lift+icl", "lift+evidence+icl:gold");
        }
        run.reading(LLAMA, "loogle/shortdep_qa", "shortdep_qa", Optional.empty(), 0, "icl");
        run.reading(SMALL, "quality/quality", "quality", Optional.empty(), 0, "icl");
        run.order();
        run.needles();
        run.speed();
        return run.write(folder);
    }

    /** A run that was begun and has nothing yet. */
    static RunFolder empty(Path folder) {
        return new InventedRun().write(folder);
    }

    /**
     * Three things to be sorted twice, and four once: 0, 1, 2 has all pairs of the first and two of three of the second. The
     * base model has nothing, lift+icl all.
     */
    static RunFolder sorting(Path folder) {
        InventedRun run = new InventedRun();
        for (String gold : List.of("[0] > [1] > [2]", "[0] > [2] > [1]", "[0] > [1] > [2] > [3]")) {
            run.sorted(gold, Optional.empty(), "icl", 0);
            run.sorted(gold, Optional.of(FAST), "lift+icl", 1);
        }
        return run.write(folder);
    }

    private void sorted(String gold, Optional<Recipe> recipe, String mode, double concordance) {
        Finding finding = new Finding.Scored(
                "bamboo/showssort_4k",
                "showssort",
                gold,
                gold,
                1,
                "In which order?",
                gold,
                mode,
                "I do not know.",
                List.of(),
                Map.of("concordance", concordance));
        results.add(new Result(
                unit(SMALL, "bamboo/showssort_4k", gold, recipe, 0, mode), new Effort(9, 0, 1, 2), List.of(finding)));
    }

    private RunFolder write(Path path) {
        RunFolder folder = RunFolder.create(path);
        folder.begin(
                "name: invented\nsets: []\n",
                new Environment(
                        "0.1.0",
                        List.of("lift", "bench", "run", "a suite.yaml", "--data", "DIR"),
                        "cpu",
                        "float32",
                        2,
                        Map.of(SMALL, "abc123"),
                        "2026-11-24T10:00:00Z",
                        Map.of("processor", "an <invented> one", "documents of loogle/shortdep_qa", "1")));
        Unit open = unit(SMALL, "bamboo/showssort_4k", "never", Optional.empty(), 0, "icl");
        try (ResultStore store = folder.results()) {
            store.plan(Stream.concat(results.stream().map(Result::unit), Stream.of(open))
                    .toList());
            results.forEach(store::add);
        }
        return folder;
    }

    private static Unit unit(
            String model, String set, String document, Optional<Recipe> recipe, long seed, String... modes) {
        return new Unit.Reading(model, model, set, document, recipe, seed, List.of(modes), 100, 10, Optional.empty());
    }

    private void reading(String model, String set, String kind, Optional<Recipe> recipe, long seed, String... modes) {
        List<Finding> findings = new ArrayList<>();
        for (String mode : modes) {
            for (int number = 1; number <= QUESTIONS; number++) {
                findings.add(scored(model, set, kind, mode, number, seed));
            }
        }
        results.add(new Result(unit(model, set, kind + ":1", recipe, seed, modes), new Effort(9, 0, 1, 2), findings));
    }

    /** The small model has no judge; F1 is 0.25 for each question before it, and 0.5 more with seed 1. */
    private static Finding scored(String model, String set, String kind, String mode, int number, long seed) {
        double score = 0.25 * (number - 1) + 0.5 * seed;
        Map<String, Double> scores = set.startsWith("quality")
                ? Map.of("accuracy", score, "nll", 1.5)
                : model.equals(LLAMA)
                        ? Map.of("f1", score, "judge", 1.0, "nll", 0.5)
                        : Map.of("f1", score, "nll", 2.0 + number);
        return new Finding.Scored(
                set,
                kind,
                kind + ":1",
                "A title with <i>markup</i>",
                number,
                "Question " + number + "?",
                "gold " + number,
                mode,
                number == 1 ? ATTACK : "answer " + number,
                mode.contains("evidence") ? List.of("A passage & its <end>.") : List.of(),
                scores);
    }

    /** Two of four choices are right, with overlap all; with two seeds. */
    private void order() {
        for (long seed : List.of(0L, 1L)) {
            List<Finding> findings = new ArrayList<>();
            for (String mode : OrderTrial.MODES) {
                for (int number = 1; number <= QUESTIONS; number++) {
                    double right = number % 2 == 0 || mode.equals(OrderTrial.OVERLAPPING) ? 1 : 0;
                    findings.add(new Finding.Scored(
                            OrderTrial.SET,
                            OrderTrial.SET,
                            "abc",
                            "Essays",
                            number,
                            "What follows on each?",
                            "[0] a [1] b",
                            mode,
                            right > 0 ? "[0] a [1] b" : "[0] b [1] a",
                            List.of(),
                            Map.of("accuracy", right, "margin", right - 0.5)));
                }
            }
            results.add(new Result(
                    new Unit.Order(SMALL, SMALL, 2048, 32, Optional.of(FAST), seed, OrderTrial.MODES),
                    new Effort(4096, 0, 1, 2),
                    findings));
        }
    }

    private void needles() {
        List<String> modes = List.of("icl", "lift", "lift+icl");
        for (int tokens : List.of(1024, 2048)) {
            for (double depth : List.of(0.0, 0.5, 1.0)) {
                if (tokens == 2048 && depth == 1) {
                    continue;
                }
                results.add(new Result(
                        new Unit.Haystack(SMALL, SMALL, tokens, depth, "sandwich", Optional.of(FAST), 0, modes),
                        new Effort(tokens, 0, 1, 2),
                        modes.stream()
                                .<Finding>map(mode -> new Finding.Needle(
                                        tokens, depth, "sandwich", mode, "What?", "A sandwich.", "Bread.", depth, 2))
                                .toList()));
            }
        }
    }

    /** LIFT takes a second for a thousand tokens and one more; ICL a quarter of the square, and runs out at 32 thousand. */
    private void speed() {
        for (int tokens : List.of(1000, 2000, 4000, 8000, 16000, 32000)) {
            double k = tokens / 1000.0;
            Finding lift = timing("lift", tokens, OptionalDouble.of(k + 1));
            Finding icl = timing("icl", tokens, tokens > 16000 ? OptionalDouble.empty() : OptionalDouble.of(k * k / 4));
            results.add(new Result(
                    new Unit.Speed(SMALL, SMALL, tokens, 1, Optional.of(FAST), 0, List.of("icl", "lift")),
                    new Effort(tokens, 0, 1, 2),
                    List.of(icl, lift)));
        }
    }

    private static Finding timing(String mode, int tokens, OptionalDouble seconds) {
        return new Finding.Timing(
                mode,
                tokens,
                1,
                seconds,
                Map.of(),
                seconds.isPresent() ? OptionalLong.of(1_000_000L * tokens) : OptionalLong.empty(),
                seconds.isEmpty());
    }
}
