package io.github.lift4j.evaluation.suite;

import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evaluation.benchmark.BenchmarkTask;
import io.github.lift4j.evaluation.benchmark.Gold;
import io.github.lift4j.evaluation.metric.AnswerOrder;
import io.github.lift4j.evaluation.metric.Bleu;
import io.github.lift4j.evaluation.metric.ChoiceAccuracy;
import io.github.lift4j.evaluation.metric.ClassificationScore;
import io.github.lift4j.evaluation.metric.ClozeMatch;
import io.github.lift4j.evaluation.metric.Concordance;
import io.github.lift4j.evaluation.metric.CountScore;
import io.github.lift4j.evaluation.metric.EditSimilarity;
import io.github.lift4j.evaluation.metric.ExactAnswer;
import io.github.lift4j.evaluation.metric.Meteor;
import io.github.lift4j.evaluation.metric.Metric;
import io.github.lift4j.evaluation.metric.RetrievalScore;
import io.github.lift4j.evaluation.metric.RougeL;
import io.github.lift4j.evaluation.metric.RougeN;
import io.github.lift4j.evaluation.metric.SpeakerAccuracy;
import io.github.lift4j.evaluation.metric.TimelineDeviation;
import io.github.lift4j.evaluation.metric.TokenF1;
import io.github.lift4j.evaluation.metric.Verdicts;
import io.github.lift4j.task.OrderingTask;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Every measure that fits a set's answers, the official one among them. */
final class Scoring {

    private static final Map<String, Metric> TEXT = Map.of(
            "f1", new TokenF1(),
            "rouge_1", rouge(1),
            "rouge_2", rouge(2),
            "rouge_l", new RougeL(),
            "bleu_1", new Bleu(1),
            "bleu_4", new Bleu(4),
            "meteor", new Meteor());

    /** Tasks whose official measure is none of those for any text. */
    private static final Map<String, Map<String, Metric>> OF_TASK = Map.of(
            "passage_retrieval_en", Map.of("retrieval", new RetrievalScore()),
            "passage_count", Map.of("count", new CountScore()),
            "lcc", Map.of("edit_similarity", new EditSimilarity()),
            "repobench-p", Map.of("edit_similarity", new EditSimilarity()),
            "altqa", Map.of("accuracy", new ExactAnswer()),
            "meetingpred", Map.of("accuracy", new SpeakerAccuracy()),
            "showspred", Map.of("accuracy", new SpeakerAccuracy()));

    /** LongBench scores their answers' first lines. */
    private static final Set<String> FIRST_LINE = Set.of("trec", "triviaqa", "samsum");

    private static final String TIMELINE = "timeline_reorder";

    private Scoring() {}

    /** The scores of an answer by their names. */
    static Map<String, Double> of(BenchmarkTask task, BenchmarkQuestion question, String answer) {
        return switch (question.gold()) {
            case Gold.Texts gold -> texts(task, question.kind(), gold.texts(), answer);
            case Gold.Label gold ->
                Map.of(
                        "classification",
                        line(task, new ClassificationScore(gold.classes())).score(answer, gold.text()));
            case Gold.Choice gold -> Map.of("accuracy", new ChoiceAccuracy().score(answer, gold.text()));
            case Gold.Verdict gold -> Map.of("accuracy", Verdicts.saysYes(answer) == gold.holds() ? 1.0 : 0.0);
            case Gold.Order gold -> Map.of("concordance", concordance(answer, gold.order()));
            case Gold.Masks gold -> masks(ClozeMatch.of(gold.entities(), answer));
        };
    }

    /**
     * As the benchmark's script scores it, but that reads every number of an answer: here one may think aloud, and quote,
     * before it gives the order.
     */
    private static double concordance(String answer, List<Integer> gold) {
        List<Integer> order = OrderingTask.parse(answer, gold.size()).orElse(List.of());
        return Concordance.of(order, gold).score();
    }

    private static Map<String, Double> texts(BenchmarkTask task, String kind, List<String> gold, String answer) {
        Map<String, Double> scores = new TreeMap<>();
        TEXT.forEach((name, metric) -> scores.put(name, line(task, metric).best(answer, gold)));
        OF_TASK.getOrDefault(task.name(), Map.of())
                .forEach((name, metric) -> scores.put(name, metric.best(answer, gold)));
        if (kind.equals(TIMELINE)) {
            scores.putAll(timeline(AnswerOrder.parse(answer), AnswerOrder.parse(gold.getFirst())));
        }
        return scores;
    }

    /** LooGLE's deviations, and the concordance index; nothing where the gold answer is no order. */
    private static Map<String, Double> timeline(List<Integer> answer, List<Integer> gold) {
        if (gold.size() < 2 || Set.copyOf(gold).size() < gold.size()) {
            return Map.of();
        }
        TimelineDeviation deviation = TimelineDeviation.of(answer, gold);
        return Map.of(
                "concordance", Concordance.of(answer, gold).score(),
                "location_square_deviation", deviation.squared(),
                "location_mean_deviation", deviation.mean(),
                "swap_deviation", (double) deviation.swaps(),
                "swap_distance_deviation", (double) deviation.swapDistance());
    }

    private static Map<String, Double> masks(ClozeMatch match) {
        return Map.of(
                "exact_match", (double) match.exact() / match.count(),
                "partial_match", (double) match.partial() / match.count(),
                "masks", (double) match.count());
    }

    private static Metric line(BenchmarkTask task, Metric metric) {
        return FIRST_LINE.contains(task.name()) ? metric.ofFirstLine() : metric;
    }

    private static Metric rouge(int n) {
        RougeN rouge = new RougeN(n);
        return (prediction, reference) -> rouge.compare(prediction, reference).f1();
    }
}
