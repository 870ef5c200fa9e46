package io.github.lift4j.evaluation.suite;

import io.github.lift4j.answer.Mode;
import io.github.lift4j.evaluation.benchmark.Gold;
import io.github.lift4j.evaluation.metric.AnswerOrder;
import io.github.lift4j.evaluation.metric.Concordance;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.statistics.Bootstrap;
import io.github.lift4j.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an ordering set gives to whoever does not read: the one order that, given as the answer to all questions, would have
 * had the highest mean concordance. It is found in hindsight, on exactly the questions that were asked; no answerer could
 * know it before, and one that is not above it has not shown that it read anything.
 *
 * <p>One order fits things of one number only: the questions that ask for the commonest number of things, at most seven,
 * are compared. A question asked with several seeds counts once, by its mean.
 *
 * @param set whose official measure is the concordance index
 * @param model what the tables call it
 * @param order of things that are numbered from 0
 * @param score its mean concordance over the questions compared, 0 to 1, with its 95% interval
 * @param questions how many are compared
 * @param leftOut how many ask for another number of things, or have no order as their gold answer
 * @param leads of each mode and recipe, in the order of the results
 */
public record FixedOrder(
        String set, String model, List<Integer> order, Interval score, int questions, int leftOut, List<Lead> leads) {

    /** More things have too many orders to be tried. */
    private static final int MOST_THINGS = 7;

    private static final String METRIC = "concordance";
    private static final String ICL = "icl";

    /**
     * How far a mode is above the better one of the base model with the document in its window and the fixed order.
     *
     * @param recipe its name, or an empty text where the mode needs none
     * @param over what it is compared with
     * @param questions how many were answered in both
     * @param difference of the mean concordances, -1 to 1, with its 95% interval by the paired bootstrap
     */
    public record Lead(String mode, String recipe, Rival over, int questions, Interval difference) {}

    /** What a mode is compared with. */
    public enum Rival {
        ICL,
        FIXED_ORDER;

        @Override
        public String toString() {
            return this == ICL ? "icl" : "best fixed order";
        }
    }

    public FixedOrder {
        order = List.copyOf(order);
        leads = List.copyOf(leads);
    }

    /** The order as an answer gives it, such as {@code [1] > [0] > [2]}. */
    public String answer() {
        return new Gold.Order(order).text();
    }

    private record Key(String set, String model) {}

    private record Question(String document, int number) {}

    private record Way(String mode, String recipe) {}

    private record Answer(Way way, Finding.Scored found) {

        Question question() {
            return new Question(found.document(), found.number());
        }
    }

    /** For each ordering set and model in the order of the results; none where no question has an order of few things. */
    public static List<FixedOrder> of(List<Result> results) {
        SequencedMap<Key, List<Answer>> answers = new LinkedHashMap<>();
        for (Result result : results) {
            for (Finding finding : result.findings()) {
                if (finding instanceof Finding.Scored scored
                        && SuiteTable.metric(scored).equals(METRIC)) {
                    answers.computeIfAbsent(new Key(scored.set(), result.unit().model()), any -> new ArrayList<>())
                            .add(new Answer(way(scored.mode(), result.unit().recipeName()), scored));
                }
            }
        }
        return answers.entrySet().stream()
                .flatMap(each -> of(each.getKey(), each.getValue()).stream())
                .toList();
    }

    /** A unit with a recipe may have modes that need none. */
    private static Way way(String mode, String recipe) {
        return new Way(mode, Mode.parse(mode.split(":", 2)[0]).absorbed() ? recipe : "");
    }

    private static Optional<FixedOrder> of(Key key, List<Answer> answers) {
        Map<Question, List<Integer>> gold = new LinkedHashMap<>();
        answers.forEach(answer -> gold.putIfAbsent(answer.question(), gold(answer.found)));
        return things(gold).map(things -> {
            Map<Question, List<Integer>> compared = new LinkedHashMap<>(gold);
            compared.values().removeIf(order -> order.size() != things);
            List<Integer> best = BestOrder.of(List.copyOf(compared.values()), things);
            Map<Question, Double> fixed = new LinkedHashMap<>();
            compared.forEach((question, order) ->
                    fixed.put(question, Concordance.of(best, order).score()));
            return new FixedOrder(
                    key.set,
                    key.model,
                    best,
                    Bootstrap.DEFAULT.mean(values(fixed, fixed), new SplittableRandom(0)),
                    fixed.size(),
                    gold.size() - fixed.size(),
                    leads(answers, fixed));
        });
    }

    /** The gold order, counted from 0; empty where the gold answer is none. */
    private static List<Integer> gold(Finding.Scored found) {
        List<Integer> numbers = AnswerOrder.parse(found.gold());
        int first = numbers.stream().mapToInt(number -> number).min().orElse(0);
        List<Integer> order = numbers.stream().map(number -> number - first).toList();
        return order.stream()
                        .sorted()
                        .toList()
                        .equals(IntStream.range(0, order.size()).boxed().toList())
                ? order
                : List.of();
    }

    /** The commonest number of things, the lowest of those; empty where all are too many or too few. */
    private static Optional<Integer> things(Map<Question, List<Integer>> gold) {
        return gold.values().stream()
                .map(List::size)
                .filter(size -> size >= 2 && size <= MOST_THINGS)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.<Integer, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
    }

    private static List<Lead> leads(List<Answer> answers, Map<Question, Double> fixed) {
        SequencedMap<Way, Map<Question, Double>> ways = answers.stream()
                .filter(answer -> fixed.containsKey(answer.question()))
                .collect(Collectors.groupingBy(
                        Answer::way,
                        LinkedHashMap::new,
                        Collectors.groupingBy(
                                Answer::question,
                                LinkedHashMap::new,
                                Collectors.averagingDouble(
                                        answer -> answer.found.scores().getOrDefault(METRIC, 0.0)))));
        Map<Question, Double> icl = ways.getOrDefault(new Way(ICL, ""), Map.of());
        return ways.entrySet().stream()
                .flatMap(way -> lead(way.getKey(), way.getValue(), icl, fixed).stream())
                .toList();
    }

    /** Empty where nothing was answered in both, and of icl over itself. */
    private static Optional<Lead> lead(
            Way way, Map<Question, Double> scores, Map<Question, Double> icl, Map<Question, Double> fixed) {
        Map<Question, Double> shared = new LinkedHashMap<>(scores);
        if (!icl.isEmpty()) {
            shared.keySet().retainAll(icl.keySet());
        }
        if (shared.isEmpty()) {
            return Optional.empty();
        }
        double[] unread = values(shared, fixed);
        double[] read = icl.isEmpty() ? unread : values(shared, icl);
        Rival over = mean(read) > mean(unread) ? Rival.ICL : Rival.FIXED_ORDER;
        return over == Rival.ICL && way.mode.equals(ICL)
                ? Optional.empty()
                : Optional.of(new Lead(
                        way.mode,
                        way.recipe,
                        over,
                        shared.size(),
                        Bootstrap.DEFAULT.difference(
                                values(shared, scores), over == Rival.ICL ? read : unread, new SplittableRandom(0))));
    }

    private static double[] values(Map<Question, Double> questions, Map<Question, Double> scores) {
        return questions.keySet().stream()
                .mapToDouble(question -> scores.getOrDefault(question, 0.0))
                .toArray();
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
