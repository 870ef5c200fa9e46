package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The timelines of a line of LooGLE's {@code longdep_qa}: questions whose type is {@code timeline_reorder}, that list events
 * with a number each (in figures or Roman ones), and whose answer names each number once. Others of that type ask for
 * something else and are no sorting task.
 */
final class TimelineLine {

    private static final String TYPE = "timeline_reorder";
    private static final Pattern EVENT = Pattern.compile("(?m)^\\s*(\\d{1,2}|[IVX]+)\\s*[.):\u3001]\\s*(\\S.*?)\\s*$");
    private static final Pattern NUMBER = Pattern.compile("\\b(?:\\d{1,2}|[IVX]+)\\b");

    private TimelineLine() {}

    static Optional<BenchmarkDocument> read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        List<BenchmarkQuestion> questions = new ArrayList<>();
        for (JsonNode pair : LoogleLine.pairs(fields.text("qa_pairs"))) {
            if (pair.path("type").asText().equals(TYPE)) {
                question(task, new Fields(pair)).ifPresent(questions::add);
            }
        }
        return questions.isEmpty()
                ? Optional.empty()
                : Optional.of(new BenchmarkDocument(id, fields.textOr("title", id), fields.text("input"), questions));
    }

    private static Optional<BenchmarkQuestion> question(BenchmarkTask task, Fields pair) throws UnreadableLine {
        String asked = pair.text("Q");
        List<MatchResult> events = EVENT.matcher(asked).results().toList();
        List<String> numbers = events.stream().map(event -> event.group(1)).toList();
        List<Integer> order = NUMBER.matcher(pair.object().path("A").asText())
                .results()
                .map(number -> numbers.indexOf(number.group()))
                .toList();
        boolean sorts = events.size() > 1
                && order.size() == events.size()
                && new HashSet<>(order).size() == order.size()
                && !order.contains(-1);
        if (!sorts) {
            return Optional.empty();
        }
        Map<String, String> values = Map.of(
                "lead", asked.substring(0, events.getFirst().start()).strip(),
                "count", String.valueOf(events.size()),
                "events",
                        BambooLine.numbered(
                                events.stream().map(event -> event.group(2)).toList()));
        return Optional.of(task.question(values, new Gold.Order(order), pair.anyTexts("S"), TYPE));
    }
}
