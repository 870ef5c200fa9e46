package io.github.lift4j.evaluation.run;

import io.github.lift4j.evaluation.run.RecipeTrial.Outcome;
import io.github.lift4j.evaluation.run.RecipeTrial.Score;
import io.github.lift4j.evaluation.statistics.Bootstrap;
import io.github.lift4j.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What recipes come to over some documents. A document's mean is taken first, then the mean over documents, so that one
 * with many questions does not count for more; intervals are over all questions.
 */
public final class RecipeTable {

    /** The base model's row. */
    public static final String BASE = "base model";

    private final Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();

    /**
     * One row.
     *
     * @param nll without the document in the window, in nats a token of the gold answer: mean over documents
     * @param nllWithDocument with its head and tail there
     * @param nllInterval 95% interval of the mean over all questions, without the document
     * @param nllWithDocumentInterval the same with it
     * @param f1 mean over documents, without
     * @param f1WithDocument with
     * @param f1OverBase how much higher F1 with the document is than the base model's, paired
     * @param instructions share of the probe's instructions followed
     * @param knowledge share of its general knowledge answered
     * @param taskSeconds a document
     * @param trainingSeconds a document
     */
    public record Row(
            String recipe,
            double nll,
            double nllWithDocument,
            Interval nllInterval,
            Interval nllWithDocumentInterval,
            double f1,
            double f1WithDocument,
            Interval f1OverBase,
            double instructions,
            double knowledge,
            double taskSeconds,
            double trainingSeconds) {}

    /** Adds what came of a recipe on a document; documents must come in the same order for every recipe. */
    public void add(String recipe, Outcome outcome) {
        outcomes.computeIfAbsent(recipe, name -> new ArrayList<>()).add(outcome);
    }

    /** All rows, in the order in which recipes were first added. */
    public List<Row> rows() {
        return outcomes.keySet().stream().map(this::row).toList();
    }

    private Row row(String recipe) {
        List<Outcome> list = outcomes.getOrDefault(recipe, List.of());
        List<Outcome> base = outcomes.getOrDefault(BASE, list);
        double[] f1 = all(list, Outcome::withDocument, Score::f1);
        Bootstrap bootstrap = Bootstrap.DEFAULT;
        return new Row(
                recipe,
                mean(list, Outcome::withoutDocument, Score::nll),
                mean(list, Outcome::withDocument, Score::nll),
                bootstrap.mean(all(list, Outcome::withoutDocument, Score::nll), new SplittableRandom(0)),
                bootstrap.mean(all(list, Outcome::withDocument, Score::nll), new SplittableRandom(0)),
                mean(list, Outcome::withoutDocument, Score::f1),
                mean(list, Outcome::withDocument, Score::f1),
                bootstrap.difference(f1, all(base, Outcome::withDocument, Score::f1), new SplittableRandom(0)),
                average(list, Outcome::instructions),
                average(list, Outcome::knowledge),
                average(list, Outcome::taskSeconds),
                average(list, Outcome::trainingSeconds));
    }

    private static double[] all(
            List<Outcome> outcomes, Function<Outcome, List<Score>> scores, ToDoubleFunction<Score> value) {
        return outcomes.stream()
                .map(scores)
                .flatMap(List::stream)
                .mapToDouble(value)
                .toArray();
    }

    private static double mean(
            List<Outcome> outcomes, Function<Outcome, List<Score>> scores, ToDoubleFunction<Score> value) {
        return average(
                outcomes,
                outcome -> scores.apply(outcome).stream()
                        .mapToDouble(value)
                        .average()
                        .orElseThrow());
    }

    private static double average(List<Outcome> outcomes, ToDoubleFunction<Outcome> value) {
        return outcomes.stream().mapToDouble(value).average().orElseThrow();
    }
}
