package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * A line of LongBench, one question each: {@code context} is the document, {@code input} the question where the task has
 * one, any of {@code answers} is right. Where {@code all_classes} is a list, the answer is one of it.
 */
final class LongBenchLine {

    private LongBenchLine() {}

    static BenchmarkDocument read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        List<String> answers = fields.texts("answers");
        List<String> classes = fields.anyTexts("all_classes");
        Gold gold = classes.isEmpty() ? new Gold.Texts(answers) : new Gold.Label(answers.getFirst(), classes);
        BenchmarkQuestion question = task.question(Map.of("input", fields.text("input")), gold, List.of(), task.name());
        String own = fields.textOr("_id", id);
        return new BenchmarkDocument(own, own, fields.text("context"), List.of(question));
    }
}
