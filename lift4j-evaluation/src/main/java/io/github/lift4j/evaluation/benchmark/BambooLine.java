package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A line of BAMBOO, one question each: {@code content} is the document, {@code answer} the right answer.
 *
 * <p>Paragraphs and events to be sorted are numbered from 0, as the prompts say and the answers are (the official script
 * numbers events from 1, against its own prompt).
 */
final class BambooLine {

    private static final String QUESTION = "\n\nQuestion:\n";
    private static final String DOCUMENT = "\n\nDocument:\n";

    private BambooLine() {}

    static BenchmarkDocument sortedParagraphs(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        List<String> paragraphs = fields.texts("content");
        Map<String, String> values = Map.of("count", String.valueOf(paragraphs.size()));
        return one(
                id,
                id,
                numbered(paragraphs),
                task.question(values, order(fields, paragraphs.size()), List.of(), task.name())
                        .withPassages(paragraphs));
    }

    static BenchmarkDocument sortedEvents(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        List<String> events = fields.texts("summaries");
        Map<String, String> values = Map.of("count", String.valueOf(events.size()), "events", numbered(events));
        return one(
                id,
                id,
                fields.text("content"),
                task.question(values, order(fields, events.size()), List.of(), task.name()));
    }

    static BenchmarkDocument choice(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        List<String> options = fields.texts("options");
        String answer = fields.text("answer");
        // Not held against the options: some lines have them all in one text, as published.
        if (!answer.matches("[A-D]")) {
            throw new UnreadableLine("the answer '" + answer + "' is no letter from A to D");
        }
        Map<String, String> values = Map.of("question", fields.text("question"), "options", String.join("\t", options));
        Gold gold = new Gold.Choice(answer.charAt(0), options);
        return one(
                id, id, fields.text("content"), task.question(values, gold, fields.anyTexts("evidence"), task.name()));
    }

    static BenchmarkDocument speaker(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        Gold gold = new Gold.Texts(List.of(fields.text("answer")));
        return one(id, id, fields.text("content"), task.question(Map.of(), gold, List.of(), task.name()));
    }

    static BenchmarkDocument hypothesis(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        Map<String, String> values = Map.of("hypothesis", fields.text("hypothesis"));
        Gold gold = new Gold.Verdict(fields.truth("answer"));
        return one(
                id,
                fields.textOr("title", id),
                fields.text("content"),
                task.question(values, gold, List.of(), task.name()));
    }

    /** Here the content holds an instruction, the question, and the document before or after it. */
    static BenchmarkDocument number(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        Fields fields = new Fields(line);
        String content = fields.text("content");
        int document = content.indexOf(DOCUMENT);
        int question = content.indexOf(QUESTION);
        if (document < 0 || question < 0) {
            throw new UnreadableLine("'content' has no document or no question");
        }
        int start = document + DOCUMENT.length();
        int end = question > document ? content.lastIndexOf(QUESTION) : content.length();
        String asked = content.substring(
                question > document ? end + QUESTION.length() : question + QUESTION.length(),
                question > document ? content.length() : document);
        BenchmarkQuestion plain = task.question(
                Map.of("question", asked.strip()),
                new Gold.Texts(List.of(fields.text("answer"))),
                List.of(),
                task.name());
        OfficialPrompt prompt = new OfficialPrompt(
                plain.prompt().system(),
                content.substring(0, start) + plain.prompt().before(),
                content.substring(end) + plain.prompt().after());
        BenchmarkQuestion whole = new BenchmarkQuestion(
                plain.question(), plain.gold(), plain.evidence(), plain.kind(), prompt, plain.passages());
        return one(id, id, content.substring(start, end), whole);
    }

    private static BenchmarkDocument one(String id, String title, String text, BenchmarkQuestion question) {
        return new BenchmarkDocument(id, title, text, List.of(question));
    }

    private static Gold order(Fields fields, int things) throws UnreadableLine {
        List<Integer> order = new ArrayList<>();
        for (JsonNode number : fields.elements("answer")) {
            order.add(number.asInt(-1));
        }
        if (!order.stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, things).boxed().toList())) {
            throw new UnreadableLine("the answer " + order + " is no order of the " + things + " things to sort");
        }
        return new Gold.Order(order);
    }

    /** Things to be sorted, as BAMBOO's script shows them. */
    static String numbered(List<String> things) {
        return IntStream.range(0, things.size())
                .mapToObj(i -> "[" + i + "] ```" + things.get(i) + "```")
                .collect(Collectors.joining("\n"));
    }
}
