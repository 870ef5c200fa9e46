package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.evaluation.python.PythonLiteral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * A line of LooGLE: {@code input} is the document, {@code qa_pairs} a printed Python list of dictionaries with question
 * {@code Q}, answer {@code A}, evidence {@code S} and sometimes a {@code type}. Where it is {@code none}, {@code output}
 * is the summary to be written.
 */
final class LoogleLine {

    private LoogleLine() {}

    static BenchmarkDocument read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        List<BenchmarkQuestion> questions = new ArrayList<>();
        if (fields.text("qa_pairs").equals("none")) {
            Gold summary = new Gold.Texts(List.of(fields.text("output")));
            questions.add(task.question(Map.of(), summary, List.of(), task.name()));
        } else {
            for (JsonNode pair : pairs(fields.text("qa_pairs"))) {
                questions.add(question(task, new Fields(pair)));
            }
        }
        return new BenchmarkDocument(id, fields.textOr("title", id), fields.text("input"), questions);
    }

    static List<JsonNode> pairs(String printed) throws UnreadableLine {
        try {
            JsonNode pairs = PythonLiteral.parse(printed);
            if (pairs.isArray() && !pairs.isEmpty()) {
                return pairs.valueStream().toList();
            }
        } catch (PythonLiteral.Malformed e) {
            throw new UnreadableLine("'qa_pairs' is no Python literal: " + e.getMessage(), e);
        }
        throw new UnreadableLine("'qa_pairs' is no list of questions");
    }

    private static BenchmarkQuestion question(BenchmarkTask task, Fields pair) throws UnreadableLine {
        return task.question(
                Map.of("Q", pair.text("Q")),
                gold(pair.object().path("A")),
                pair.anyTexts("S"),
                pair.textOr("type", task.name()));
    }

    private static Gold gold(JsonNode answer) throws UnreadableLine {
        if (answer.isObject()) {
            SequencedMap<String, String> masks = new LinkedHashMap<>();
            answer.properties()
                    .forEach(mask -> masks.put(mask.getKey(), mask.getValue().asText()));
            return new Gold.Masks(masks);
        }
        if (answer.isMissingNode() || answer.isNull() || answer.isArray()) {
            throw new UnreadableLine("a question has no answer 'A'");
        }
        return new Gold.Texts(List.of(answer.asText()));
    }
}
