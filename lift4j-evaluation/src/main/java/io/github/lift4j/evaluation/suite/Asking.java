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
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Puts a document's questions in one mode. With the document in the window and no evidence beside it, by the set's official
 * prompt; else by the project's wording, for the official prompts speak of a text above and leave no room for evidence.
 * Where the way says so, passages are put into order {@linkplain ByJoints by their joints}.
 */
record Asking(Lift lift, Memory memory, Window window) implements Respondent {

    /** Questions whose official prompts begin alike share what is read of them. */
    @Override
    public List<Reply> each(List<BenchmarkQuestion> questions, Way way) {
        if (way.joints()) {
            return byJoints(questions, way);
        }
        Map<Optional<Frame>, List<Integer>> groups = IntStream.range(0, questions.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        i -> way.frame(questions.get(i)), LinkedHashMap::new, Collectors.toList()));
        SortedMap<Integer, Reply> replies = new TreeMap<>();
        groups.forEach((frame, places) -> {
            List<Reply> group = together(places.stream().map(questions::get).toList(), frame, way);
            for (int i = 0; i < group.size(); i++) {
                replies.put(places.get(i), group.get(i));
            }
        });
        return List.copyOf(replies.values());
    }

    /** How likely a whole order is, nobody says here. */
    private List<Reply> byJoints(List<BenchmarkQuestion> questions, Way way) {
        try (Answerer answerer = lift.answerer(memory, way.mode(), window, Evidence.NONE)) {
            return new ByJoints(answerer, memory.manifest().title())
                    .answers(questions).stream()
                            .map(answer -> new Reply(answer, OptionalDouble.empty(), List.of()))
                            .toList();
        }
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
                    .mapToObj(i ->
                            new Reply(answers.get(i), OptionalDouble.of(nll.get(i)), answerer.evidence(texts.get(i))))
                    .toList();
        }
    }

    private Answerer answerer(List<BenchmarkQuestion> questions, Optional<Frame> frame, Way way) {
        return frame.map(words -> lift.answerer(memory, way.mode(), window, words))
                .orElseGet(() -> lift.answerer(memory, way.mode(), window, way.evidence(questions, memory::text)));
    }
}
