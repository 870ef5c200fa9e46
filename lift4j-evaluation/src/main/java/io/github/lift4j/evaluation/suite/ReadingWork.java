package io.github.lift4j.evaluation.suite;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evaluation.benchmark.BenchmarkTask;
import io.github.lift4j.evaluation.result.Effort;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.run.Memories;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Absorbs a benchmark's document and asks all its questions in all modes. */
record ReadingWork(Lift lift, Path data, Path work) {

    Result of(Unit.Reading unit) {
        long start = System.nanoTime();
        SetFile file = SetFile.of(data, unit.set());
        BenchmarkDocument document = file.document(unit.document());
        Memory memory = new Memories(lift, work).of(document.title(), document.text(), unit.recipe());
        List<Finding> findings = new ArrayList<>();
        for (String mode : unit.modes()) {
            findings.addAll(asked(unit, file.task(), document, memory, Way.parse(mode, "")));
        }
        return new Result(unit, Effort.since(start, memory), findings);
    }

    private List<Finding> asked(
            Unit.Reading unit, BenchmarkTask task, BenchmarkDocument document, Memory memory, Way way) {
        List<Integer> places = places(document, way);
        List<BenchmarkQuestion> questions =
                places.stream().map(document.questions()::get).toList();
        if (questions.isEmpty()) {
            return List.of();
        }
        List<String> texts = questions.stream().map(BenchmarkQuestion::question).toList();
        Window window = new Window(unit.answerTokens(), unit.documentTokens());
        try (Answerer answerer = lift.answerer(memory, way.mode(), window, evidence(questions, memory, way))) {
            List<String> answers = answerer.askEach(texts, Sampling.GREEDY);
            List<Double> nll = answerer.scoreEach(
                    texts,
                    questions.stream().map(question -> question.gold().text()).toList());
            return IntStream.range(0, questions.size())
                    .<Finding>mapToObj(i -> new Finding.Scored(
                            unit.set(),
                            questions.get(i).kind(),
                            document.id(),
                            document.title(),
                            places.get(i) + 1,
                            texts.get(i),
                            questions.get(i).gold().text(),
                            way.toString(),
                            answers.get(i),
                            answerer.evidence(texts.get(i)),
                            scores(task, questions.get(i), answers.get(i), nll.get(i))))
                    .toList();
        }
    }

    /** Of all questions, or with the set's own evidence those that have some. */
    private static List<Integer> places(BenchmarkDocument document, Way way) {
        return IntStream.range(0, document.questions().size())
                .filter(i -> !way.evidence().equals(Way.GOLD)
                        || !document.questions().get(i).evidence().isEmpty())
                .boxed()
                .toList();
    }

    private static Evidence evidence(List<BenchmarkQuestion> questions, Memory memory, Way way) {
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

    private static Map<String, Double> scores(
            BenchmarkTask task, BenchmarkQuestion question, String answer, double nll) {
        Map<String, Double> scores = new TreeMap<>(Scoring.of(task, question, answer));
        scores.put("nll", nll);
        return scores;
    }
}
