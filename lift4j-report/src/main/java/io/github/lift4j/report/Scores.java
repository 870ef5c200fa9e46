package io.github.lift4j.report;

import io.github.lift4j.evaluation.statistics.Bootstrap;
import io.github.lift4j.evaluation.statistics.Interval;
import io.github.lift4j.evaluation.suite.FixedOrder;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Means over questions. A question that was asked with several seeds counts once, by its mean, for the bootstrap takes what
 * it draws to be independent.
 */
final class Scores {

    private Scores() {}

    /** The cell for some answers of one mode and one recipe that are compared with no fixed order. */
    static Table.Cell cell(List<Answer> answers, Measure measure, String link) {
        return cell(answers, measure, link, Optional.empty());
    }

    /** The same with their lead. */
    static Table.Cell cell(List<Answer> answers, Measure measure, String link, Optional<FixedOrder.Lead> lead) {
        if (answers.isEmpty()) {
            return new Table.Missing("no data");
        }
        double[] scores = byQuestion(answers, measure);
        if (scores.length == 0) {
            return new Table.Missing(measure.equals(Measure.JUDGE) ? "no judge" : "no data");
        }
        Optional<Interval> nll = measure.equals(Measure.JUDGE)
                ? Optional.empty()
                : Optional.of(byQuestion(answers, Measure.NLL))
                        .filter(values -> values.length > 0)
                        .map(Scores::mean);
        return new Table.Score(mean(scores), nll, scores.length, link, lead);
    }

    /** A score a question, in the order of the answers. */
    static double[] byQuestion(List<Answer> answers, Measure measure) {
        Map<Answer.Question, List<Double>> values = answers.stream()
                .filter(answer -> answer.found().scores().containsKey(measure.name()))
                .collect(Collectors.groupingBy(
                        Answer::question,
                        LinkedHashMap::new,
                        Collectors.mapping(
                                answer -> answer.found().scores().get(measure.name()), Collectors.toList())));
        return values.values().stream().mapToDouble(Scores::average).toArray();
    }

    private static double average(Collection<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    private static Interval mean(double[] values) {
        return Bootstrap.DEFAULT.mean(values, new SplittableRandom(0));
    }
}
