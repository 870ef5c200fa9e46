package io.github.lift4j.evaluation.suite;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.prompt.Frame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Puts a document's questions in one mode. With the document in the window and no evidence beside it, by the set's official
 * prompt; else by the project's wording, for the official prompts speak of a text above and leave no room for evidence.
 */
record Asking(Lift lift, Memory memory, Window window) {

    /**
     * What came of a question.
     *
     * @param nll of the right answer, in nats a token
     * @param evidence the passages that stood in the window; empty where the mode has none
     */
    record Reply(String answer, double nll, List<String> evidence) {}

    /** The replies in the questions' order. Questions whose official prompts begin alike share what is read of them. */
    List<Reply> each(List<BenchmarkQuestion> questions, Way way) {
        Map<Optional<Frame>, List<Integer>> groups = IntStream.range(0, questions.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        i -> frame(questions.get(i), way), LinkedHashMap::new, Collectors.toList()));
        SortedMap<Integer, Reply> replies = new TreeMap<>();
        groups.forEach((frame, places) -> {
            List<Reply> group = together(places.stream().map(questions::get).toList(), frame, way);
            for (int i = 0; i < group.size(); i++) {
                replies.put(places.get(i), group.get(i));
            }
        });
        return List.copyOf(replies.values());
    }

    private static Optional<Frame> frame(BenchmarkQuestion question, Way way) {
        return way.mode().document() && !way.mode().evidence()
                ? Optional.of(
                        new Frame(question.prompt().system(), question.prompt().before()))
                : Optional.empty();
    }

    private List<Reply> together(List<BenchmarkQuestion> questions, Optional<Frame> frame, Way way) {
        List<String> texts = questions.stream()
                .map(question -> frame.isPresent() ? question.prompt().after() : question.question())
                .toList();
        List<String> gold =
                questions.stream().map(question -> question.gold().text()).toList();
        try (Answerer answerer = answerer(questions, frame, way)) {
            List<String> answers = answerer.askEach(texts, Sampling.GREEDY);
            List<Double> nll = answerer.scoreEach(texts, gold);
            return IntStream.range(0, texts.size())
                    .mapToObj(i -> new Reply(answers.get(i), nll.get(i), answerer.evidence(texts.get(i))))
                    .toList();
        }
    }

    private Answerer answerer(List<BenchmarkQuestion> questions, Optional<Frame> frame, Way way) {
        return frame.map(words -> lift.answerer(memory, way.mode(), window, words))
                .orElseGet(() -> lift.answerer(memory, way.mode(), window, evidence(questions, way)));
    }

    private Evidence evidence(List<BenchmarkQuestion> questions, Way way) {
        if (!way.mode().evidence()) {
            return Evidence.NONE;
        }
        if (!way.evidence().equals(Way.GOLD)) {
            return Evidence.named(way.evidence(), memory.text());
        }
        Map<String, List<String>> gold = questions.stream()
                .collect(Collectors.toMap(
                        BenchmarkQuestion::question, BenchmarkQuestion::evidence, (first, second) -> first));
        return new Evidence.Given(question -> gold.getOrDefault(question, List.of()));
    }
}
