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
import io.github.lift4j.recipe.RecipeFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;

/** Absorbs a benchmark's document and asks all its questions in all modes. */
record ReadingWork(Path data, Path work) {

    Result of(Unit.Reading unit, Lift lift) {
        long start = System.nanoTime();
        BenchmarkDocument document = document(unit);
        Memory memory = new Memories(lift, work).of(document.title(), document.text(), unit.recipe());
        Window window = new Window(unit.answerTokens(), unit.documentTokens());
        List<Finding> findings = asked(unit, document, new Asking(lift, memory, window));
        return new Result(unit, Effort.since(start, memory), findings);
    }

    Result of(Unit.Reading unit, ClosedModels models) {
        long start = System.nanoTime();
        ClosedModels.Lesson lesson = lesson(unit);
        String text = lesson.document().text();
        try (ClosedModels.Pupil pupil = models.teach(lesson)) {
            double taught = unit.recipe().isEmpty() ? 0 : secondsSince(start);
            List<Finding> findings = asked(unit, lesson.document(), new ClosedAsking(pupil, text));
            Effort effort = new Effort(text.length() / Plan.CHARACTERS_A_TOKEN, 0, taught, secondsSince(start));
            return new Result(unit, effort, findings);
        }
    }

    /** What a closed model is to do. */
    ClosedModels.Lesson lesson(Unit.Reading unit) {
        BenchmarkDocument document = document(unit);
        String all = unit.provider().map(Unit.Provider::endpoint).orElseThrow()
                + "\0" + unit.weights()
                + "\0" + document.title()
                + "\0" + document.text()
                + "\0" + unit.recipe().map(RecipeFile::write).orElse("");
        String name =
                UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
        return new ClosedModels.Lesson(unit, document, work.resolve("closed").resolve(name));
    }

    private BenchmarkDocument document(Unit.Reading unit) {
        return SetFile.of(data, unit.set()).document(unit.document());
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private List<Finding> asked(Unit.Reading unit, BenchmarkDocument document, Respondent respondent) {
        BenchmarkTask task = SetFile.of(data, unit.set()).task();
        return unit.modes().stream()
                .flatMap(mode -> asked(unit, task, document, respondent, Way.parse(mode, "")).stream())
                .toList();
    }

    private static List<Finding> asked(
            Unit.Reading unit, BenchmarkTask task, BenchmarkDocument document, Respondent respondent, Way way) {
        List<Integer> places = places(document, way);
        List<BenchmarkQuestion> questions =
                places.stream().map(document.questions()::get).toList();
        List<Respondent.Reply> replies = respondent.each(questions, way);
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

    private static Map<String, Double> scores(BenchmarkTask task, BenchmarkQuestion question, Respondent.Reply reply) {
        Map<String, Double> scores = new TreeMap<>(Scoring.of(task, question, reply.answer()));
        reply.nll().ifPresent(nll -> scores.put("nll", nll));
        return scores;
    }
}
