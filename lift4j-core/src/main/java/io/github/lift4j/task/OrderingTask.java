package io.github.lift4j.task;

import io.github.lift4j.document.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Pieces of a text in a shuffled order, to be put back: the sorting tasks of BAMBOO, which the paper uses for its fourth
 * table, in the very words of that benchmark. A model fine-tuned on such tasks of other texts (section 3.3) knows the
 * format of the benchmark.
 *
 * <p>The pieces are shown with identifiers, and the answer lists them in the original order: {@code [2] > [0] > [1]}.
 * Paragraphs are numbered from 0 and events from 1, as the benchmark's script does; {@link #order()} always counts
 * from 0, as the benchmark's answers do.
 *
 * @param prompt the question with all that is to be ordered
 * @param pieces as shown
 * @param order the pieces as shown, listed in their original order: the inverse of the permutation that shuffled them
 * @param first the identifier of the first piece shown, 0 or 1
 */
public record OrderingTask(String prompt, List<String> pieces, List<Integer> order, int first) {

    private static final Wordings PARAGRAPHS = Wordings.of("ordering-paragraphs.txt");
    private static final Wordings EVENTS = Wordings.of("ordering-events.txt");
    private static final List<String> NUMBER_WORDS = ResourceFile.lines("number-words.txt");

    /** Ten digits may overflow and name no piece anyway. */
    private static final Pattern NUMBER = Pattern.compile("(?<!\\d)\\d{1,9}(?!\\d)");

    private static final Pattern IN_BRACKETS = Pattern.compile("(?<=\\[)\\d{1,9}(?=])");
    private static final Pattern LIST = Pattern.compile("\\d+(?:[^\\p{L}\\d]+\\d+)*");

    public OrderingTask {
        pieces = List.copyOf(pieces);
        order = List.copyOf(order);
        if (order.size() < 2 || !isPermutation(order)) {
            throw new IllegalArgumentException("an order lists at least two pieces once each, unlike " + order);
        }
    }

    /**
     * Paragraphs to be ordered, as in BAMBOO's {@code showssort}.
     *
     * @param shown the paragraphs, shuffled
     * @param order the indices of those shown in their original order, counted from 0
     */
    public static OrderingTask paragraphs(List<String> shown, List<Integer> order) {
        return asked(PARAGRAPHS, "", shown, order, 0);
    }

    /**
     * Events of a text that is shown as a whole, to be ordered as they come in it, as in BAMBOO's {@code reportsumsort}.
     *
     * @param text the text
     * @param shown sentences that sum up its events, shuffled
     * @param order the indices of those shown in their original order, counted from 0
     */
    public static OrderingTask events(String text, List<String> shown, List<Integer> order) {
        return asked(EVENTS, text, shown, order, 1);
    }

    /**
     * Shuffles paragraphs by a permutation.
     *
     * @param paragraphs in their original order
     * @param permutation which paragraph is shown at each place: {@code shown(i) = paragraphs(permutation(i))}
     */
    public static OrderingTask shuffled(List<String> paragraphs, List<Integer> permutation) {
        return paragraphs(permuted(paragraphs, permutation), inverse(permutation));
    }

    /**
     * Shuffles events by a permutation.
     *
     * @param text the text
     * @param events in their original order
     * @param permutation which event is shown at each place: {@code shown(i) = events(permutation(i))}
     */
    public static OrderingTask shuffledEvents(String text, List<String> events, List<Integer> permutation) {
        return events(text, permuted(events, permutation), inverse(permutation));
    }

    /** The right answer in the form that the prompt asks for: {@code [2] > [0] > [1]}. */
    public String answer() {
        return order.stream().map(piece -> "[" + (piece + first) + "]").collect(Collectors.joining(" > "));
    }

    /** As a task to be trained on. */
    public Task task(Span span, String source) {
        return new Task(prompt, answer(), span, source);
    }

    /** The {@linkplain #concordance concordance} of a free-text answer; 0 where no order can be read from it. */
    public double score(String answer) {
        return parse(answer, order.size())
                .map(predicted -> concordance(predicted, order))
                .orElse(0.0);
    }

    /**
     * Reads an order from a model's free text: {@code [2] > [0] > [1]}, {@code [2, 0, 1]}, {@code 2, 0, 1}, counted from 0
     * or from 1, with or without words around it.
     *
     * <p>It is the first list of numbers that names every piece once; else all numbers in brackets, where they do; else
     * all numbers of the text, where there are as many as pieces, even if some are wrong. The last is how the
     * benchmark's script reads every answer, so the two differ only where the text holds other numbers besides its
     * order, which that script counts as a wrong form.
     *
     * @param pieces how many pieces were to be ordered
     * @return indices counted from 0, as many as pieces, or empty where there is no such list
     */
    public static Optional<List<Integer>> parse(String answer, int pieces) {
        Stream<List<Integer>> lists = LIST.matcher(answer).results().map(run -> numbers(NUMBER, run.group()));
        List<Integer> all = numbers(NUMBER, answer);
        return Stream.concat(lists, Stream.of(numbers(IN_BRACKETS, answer)))
                .map(OrderingTask::fromZero)
                .filter(list -> list.size() == pieces && isPermutation(list))
                .findFirst()
                .or(() -> Optional.of(fromZero(all)).filter(list -> list.size() == pieces));
    }

    /**
     * The concordance index, which the paper calls coordinate score: of all pairs of pieces, the share that the
     * prediction puts in the same order as the truth,
     *
     * <pre>
     *   C(p, o) = |{(a, b) : a before b in o, and a before b in p}| / (n (n - 1) / 2)
     * </pre>
     *
     * <p>1 for the truth, 0 for its reverse, 1/2 on average for a random order. A piece that the prediction leaves out is
     * in no concordant pair; a number that is no piece counts nothing. (BAMBOO's script gives 0 to a prediction of another
     * length than the truth, as {@link #score} does.)
     *
     * @param predicted pieces in the predicted order, counted from 0; from 1 where 1 is the least of them
     * @param order pieces in the true order, counted from 0, n &ge; 2
     * @return from 0 to 1
     */
    public static double concordance(List<Integer> predicted, List<Integer> order) {
        Set<List<Integer>> pairs = pairs(fromZero(predicted));
        Set<List<Integer>> truth = pairs(order);
        return (double) truth.stream().filter(pairs::contains).count() / truth.size();
    }

    static List<Integer> inverse(List<Integer> permutation) {
        if (!isPermutation(permutation)) {
            throw new IllegalArgumentException("not a permutation: " + permutation);
        }
        List<Integer> inverse = new ArrayList<>(permutation);
        for (int i = 0; i < permutation.size(); i++) {
            inverse.set(permutation.get(i), i);
        }
        return inverse;
    }

    private static List<String> permuted(List<String> pieces, List<Integer> permutation) {
        if (pieces.size() != permutation.size()) {
            throw new IllegalArgumentException(permutation.size() + " places for " + pieces.size() + " pieces");
        }
        return permutation.stream().map(pieces::get).toList();
    }

    private static OrderingTask asked(
            Wordings wordings, String text, List<String> shown, List<Integer> order, int first) {
        if (shown.size() != order.size()) {
            throw new IllegalArgumentException("an order of " + order.size() + " for " + shown.size() + " pieces");
        }
        String listed = IntStream.range(0, shown.size())
                .mapToObj(i -> "[" + (i + first) + "] ```" + shown.get(i) + "```")
                .collect(Collectors.joining("\n"));
        String prompt = wordings.only(Map.of(
                "text", text,
                "pieces", listed,
                "count", Integer.toString(shown.size()),
                "count in words", inWords(shown.size()),
                "places", String.join(" > ", Collections.nCopies(shown.size(), "[]"))));
        return new OrderingTask(prompt, shown, order, first);
    }

    private static String inWords(int count) {
        return count < NUMBER_WORDS.size() ? NUMBER_WORDS.get(count) : Integer.toString(count);
    }

    private static boolean isPermutation(List<Integer> list) {
        return Set.copyOf(list).equals(IntStream.range(0, list.size()).boxed().collect(Collectors.toSet()));
    }

    private static List<Integer> numbers(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results().map(MatchResult::group).map(Integer::valueOf).toList();
    }

    private static List<Integer> fromZero(List<Integer> list) {
        return !list.isEmpty() && Collections.min(list) == 1
                ? list.stream().map(piece -> piece - 1).toList()
                : list;
    }

    private static Set<List<Integer>> pairs(List<Integer> list) {
        Set<List<Integer>> pairs = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            for (int j = i + 1; j < list.size(); j++) {
                pairs.add(List.of(list.get(i), list.get(j)));
            }
        }
        return pairs;
    }
}
