package io.github.lift4j.report;

import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Findings one by one, in words: what stands behind a figure. */
record Listing(String title, List<String> columns, List<Row> rows) {

    /** A line. */
    record Row(List<String> cells) {}

    static Listing sizes(List<Answer> answers) {
        List<Row> rows = answers.stream()
                .map(answer -> answer.found().set())
                .distinct()
                .map(set -> {
                    List<Answer> mine = answers.stream()
                            .filter(answer -> answer.found().set().equals(set))
                            .toList();
                    return new Row(List.of(
                            set,
                            Words.number(mine.stream()
                                    .map(answer -> answer.found().document())
                                    .distinct()
                                    .count()),
                            Words.number(mine.stream()
                                    .map(Answer::question)
                                    .distinct()
                                    .count()),
                            Words.number(mine.size())));
                })
                .toList();
        return new Listing("Sample sizes", List.of("Set", "Documents", "Questions", "Answers"), rows);
    }

    static Listing timings(List<Result> results) {
        return new Listing(
                "The measurements behind Figure 3",
                List.of("Model", "Mode", "Tokens", "Repetition", "Seconds", "Peak memory (MiB)", "Remark"),
                rows(
                        results,
                        Finding.Timing.class,
                        (model, timing) -> List.of(
                                model,
                                timing.mode(),
                                Words.number(timing.tokens()),
                                String.valueOf(timing.repetition()),
                                timing.seconds().isPresent()
                                        ? String.format(
                                                Locale.ROOT,
                                                "%.2f",
                                                timing.seconds().getAsDouble())
                                        : "",
                                timing.peakBytes().isPresent()
                                        ? Words.number(timing.peakBytes().getAsLong() >> 20)
                                        : "",
                                remark(timing))));
    }

    private static String remark(Finding.Timing timing) {
        if (timing.outOfMemory()) {
            return "out of memory";
        }
        return timing.seconds().isEmpty() ? "longer than the window" : "";
    }

    static Listing needles(List<Result> results) {
        return new Listing(
                "The answers behind Figure 4",
                List.of("Model", "Mode", "Tokens", "Depth", "Question", "Gold", "Answer", "Recall", "NLL"),
                rows(
                        results,
                        Finding.Needle.class,
                        (model, needle) -> List.of(
                                model,
                                needle.mode(),
                                Words.number(needle.tokens()),
                                String.format(Locale.ROOT, "%.0f%%", 100 * needle.depth()),
                                needle.question(),
                                needle.gold(),
                                needle.answer(),
                                String.format(Locale.ROOT, "%.0f", 100 * needle.recall()),
                                Words.figure(Measure.NLL, needle.nll()))));
    }

    private static <F extends Finding> List<Row> rows(
            List<Result> results, Class<F> kind, BiFunction<String, F, List<String>> cells) {
        return results.stream()
                .flatMap(result -> result.findings().stream()
                        .filter(kind::isInstance)
                        .map(found -> new Row(cells.apply(result.unit().model(), kind.cast(found)))))
                .toList();
    }

    static Stream<Listing> behindFigures(List<Result> results) {
        return Stream.of(timings(results), needles(results))
                .filter(listing -> !listing.rows().isEmpty());
    }
}
