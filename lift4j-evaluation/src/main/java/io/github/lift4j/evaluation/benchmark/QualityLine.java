package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A line of QuALITY's {@code htmlstripped} files: an {@code article} and its {@code questions}, each with four {@code
 * options} of which number {@code gold_label}, counted from 1, is right. Questions that most people who had little time
 * got wrong are {@code difficult}; their kind is {@code hard}. An article comes twice, with the questions of two writers.
 */
final class QualityLine {

    private QualityLine() {}

    static BenchmarkDocument read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        List<BenchmarkQuestion> questions = new ArrayList<>();
        for (JsonNode question : fields.elements("questions")) {
            questions.add(question(task, new Fields(question)));
        }
        return new BenchmarkDocument(
                fields.textOr("set_unique_id", fields.textOr("article_id", id)),
                fields.textOr("title", id),
                fields.text("article"),
                questions);
    }

    private static BenchmarkQuestion question(BenchmarkTask task, Fields fields) throws UnreadableLine {
        List<String> texts = fields.texts("options");
        int right = fields.number("gold_label");
        if (right < 1 || right > texts.size()) {
            throw new UnreadableLine("the answer " + right + " is none of the " + texts.size() + " options");
        }
        List<String> options = IntStream.range(0, texts.size())
                .mapToObj(i -> (char) ('A' + i) + ". " + texts.get(i))
                .toList();
        return task.question(
                Map.of("question", fields.text("question"), "options", String.join("\t", options)),
                new Gold.Choice((char) ('A' + right - 1), options),
                List.of(),
                fields.object().path("difficult").asInt() == 1 ? "hard" : task.name());
    }
}
