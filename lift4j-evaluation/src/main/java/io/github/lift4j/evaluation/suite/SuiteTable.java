package io.github.lift4j.evaluation.suite;

import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.statistics.Bootstrap;
import io.github.lift4j.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.SplittableRandom;

/** What results come to: one row for each set, model, recipe and mode. */
public final class SuiteTable {

    private static final List<String> SPECIFIC = List.of(
            "concordance", "retrieval", "count", "classification", "edit_similarity", "accuracy", "exact_match");

    private static final List<String> SUMMARIES =
            List.of("longdep_summarization", "gov_report", "qmsum", "qmsum_meetings", "multi_news", "samsum");

    /**
     * One row.
     *
     * @param part the set, or {@link Plan#NEEDLES} or {@link Plan#EFFICIENCY}
     * @param recipe its name, or an empty text where the mode needs none
     * @param count how many findings are in it
     * @param metric the one that tells most of the set
     * @param score its mean over all findings, with its 95% interval
     * @param nll of gold answers in nats a token, likewise; empty where it was not measured
     */
    public record Row(
            String part,
            String model,
            String recipe,
            String mode,
            int count,
            String metric,
            Interval score,
            Optional<Interval> nll) {}

    private record Key(String part, String model, String recipe, String mode, String metric) {}

    private record Value(double score, OptionalDouble nll) {}

    private SuiteTable() {}

    /** The rows in the order of the results. */
    public static List<Row> of(List<Result> results) {
        SequencedMap<Key, List<Value>> rows = new LinkedHashMap<>();
        for (Result result : results) {
            for (Finding finding : result.findings()) {
                if (!(finding instanceof Finding.Timing timing
                        && timing.seconds().isEmpty())) {
                    rows.computeIfAbsent(key(result, finding), any -> new ArrayList<>())
                            .add(value(finding));
                }
            }
        }
        return rows.entrySet().stream()
                .map(row -> row(row.getKey(), row.getValue()))
                .toList();
    }

    private static Key key(Result result, Finding finding) {
        String recipe = result.unit().recipeName();
        String model = result.unit().model();
        return switch (finding) {
            case Finding.Scored scored -> new Key(scored.set(), model, recipe, scored.mode(), metric(scored));
            case Finding.Needle needle -> new Key(Plan.NEEDLES, model, recipe, needle.mode(), "recall");
            case Finding.Timing timing ->
                new Key(Plan.EFFICIENCY + " " + timing.tokens(), model, recipe, timing.mode(), "seconds");
        };
    }

    private static Value value(Finding finding) {
        return switch (finding) {
            case Finding.Scored scored ->
                new Value(scored.scores().getOrDefault(metric(scored), 0.0), optional(scored.scores(), "nll"));
            case Finding.Needle needle -> new Value(needle.recall(), OptionalDouble.of(needle.nll()));
            case Finding.Timing timing -> new Value(timing.seconds().orElseThrow(), OptionalDouble.empty());
        };
    }

    /**
     * The score that tells most of a set's answers: its official one. Where questions of a set have more than one kind of
     * answer, F1 is what they share.
     */
    public static String metric(Finding.Scored scored) {
        String task = scored.set().substring(scored.set().lastIndexOf('/') + 1);
        if (SUMMARIES.contains(task)) {
            return "rouge_l";
        }
        return task.equals("longdep_qa")
                ? "f1"
                : SPECIFIC.stream()
                        .filter(scored.scores()::containsKey)
                        .findFirst()
                        .orElse("f1");
    }

    private static OptionalDouble optional(Map<String, Double> scores, String name) {
        Double score = scores.get(name);
        return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
    }

    private static Row row(Key key, List<Value> values) {
        double[] nll = values.stream()
                .map(Value::nll)
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
        return new Row(
                key.part,
                key.model,
                key.recipe,
                key.mode,
                values.size(),
                key.metric,
                mean(values.stream().mapToDouble(Value::score).toArray()),
                nll.length == 0 ? Optional.empty() : Optional.of(mean(nll)));
    }

    private static Interval mean(double[] values) {
        return Bootstrap.DEFAULT.mean(values, new SplittableRandom(0));
    }
}
