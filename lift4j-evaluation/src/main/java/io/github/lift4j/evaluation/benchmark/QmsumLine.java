package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A line of QMSum: {@code meeting_transcripts} are the turns of a meeting, and what is asked about it is in {@code
 * general_query_list} (kind {@code general}) and {@code specific_query_list} (kind {@code specific}), the latter with the
 * turns that bear on it, counted from 0. Marks of noise such as <code>{disfmarker}</code> are left out, as the authors'
 * own preparation does.
 */
final class QmsumLine {

    private static final Pattern NOISE =
            Pattern.compile("\\{\\s*(?:vocalsound|disfmarker|pause|nonvocalsound|gap)\\s*}\\s?");

    private QmsumLine() {}

    static BenchmarkDocument read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        List<String> turns = new ArrayList<>();
        for (JsonNode turn : fields.elements("meeting_transcripts")) {
            Fields said = new Fields(turn);
            turns.add(said.text("speaker") + ": " + clean(said.text("content")));
        }
        List<BenchmarkQuestion> questions = new ArrayList<>();
        for (String kind : List.of("general", "specific")) {
            for (JsonNode query : line.path(kind + "_query_list")) {
                questions.add(question(task, new Fields(query), turns, kind));
            }
        }
        if (questions.isEmpty()) {
            throw new UnreadableLine("nothing is asked about the meeting");
        }
        return new BenchmarkDocument(id, id, String.join("\n", turns), questions);
    }

    private static BenchmarkQuestion question(BenchmarkTask task, Fields query, List<String> turns, String kind)
            throws UnreadableLine {
        List<String> evidence = new ArrayList<>();
        for (JsonNode span : query.object().path("relevant_text_span")) {
            int first = Math.max(0, span.path(0).asInt());
            int last = Math.min(turns.size() - 1, span.path(1).asInt());
            evidence.add(IntStream.rangeClosed(first, last).mapToObj(turns::get).collect(Collectors.joining("\n")));
        }
        return task.question(
                Map.of("input", query.text("query")),
                new Gold.Texts(List.of(clean(query.text("answer")))),
                evidence,
                kind);
    }

    private static String clean(String text) {
        return NOISE.matcher(text).replaceAll("").strip();
    }
}
