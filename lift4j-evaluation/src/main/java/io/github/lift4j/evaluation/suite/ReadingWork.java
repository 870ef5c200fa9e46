package io.github.lift4j.evaluation.suite;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Window;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evaluation.benchmark.BenchmarkTask;
import io.github.lift4j.evaluation.result.Effort;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.run.Memories;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        Window window = new Window(unit.answerTokens(), unit.documentTokens());
        List<Asking.Reply> replies = new Asking(lift, memory, window).each(questions, way);
        return IntStream.range(0, questions.size())
                .<Finding>mapToObj(i -> new Finding.Scored(
                        unit.set(),
                        questions.get(i).kind(),
                        document.id(),
                        document.title(),
                        places.get(i) + 1,
                        questions.get(i).question(),
                        questions.get(i).gold().text(),
                        way.toString(),
                        replies.get(i).answer(),
                        replies.get(i).evidence(),
                        scores(task, questions.get(i), replies.get(i))))
                .toList();
    }

    /** Of all questions, or with the set's own evidence those that have some. */
    private static List<Integer> places(BenchmarkDocument document, Way way) {
        return IntStream.range(0, document.questions().size())
                .filter(i -> !way.evidence().equals(Way.GOLD)
                        || !document.questions().get(i).evidence().isEmpty())
                .boxed()
                .toList();
    }

    private static Map<String, Double> scores(BenchmarkTask task, BenchmarkQuestion question, Asking.Reply reply) {
        Map<String, Double> scores = new TreeMap<>(Scoring.of(task, question, reply.answer()));
        scores.put("nll", reply.nll());
        return scores;
    }
}
