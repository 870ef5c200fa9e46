package io.github.lift4j.task;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads pairs out of JSON, wherever in a text it begins and ends, and however its objects are nested. */
final class JsonPairs {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private final List<WrittenPair> pairs = new ArrayList<>();
    private String question = "";
    private String answer = "";

    private JsonPairs() {}

    /** The pairs of the first JSON that has any, or none. */
    static List<WrittenPair> in(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) == '{' || text.charAt(at) == '[') {
                JsonPairs found = new JsonPairs();
                found.read(text.substring(at));
                if (!found.pairs.isEmpty()) {
                    return found.pairs;
                }
            }
        }
        return List.of();
    }

    private void read(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    question = "";
                    answer = "";
                } else if (token.isScalarValue() && parser.currentName() != null) {
                    take(parser.currentName(), WrittenPair.tidy(parser.getText()));
                }
            }
        } catch (IOException e) {
            // Here the JSON ends, or it never was any: what was whole before it is taken.
            return;
        }
    }

    /** {@code question} and {@code answer}, or {@code Q1} and {@code A1}. */
    private void take(String name, String value) {
        switch (name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "")) {
            case "question", "q" -> question = value;
            case "answer", "a" -> answer = value;
            default -> {
                return;
            }
        }
        if (!question.isEmpty() && !answer.isEmpty()) {
            pairs.add(new WrittenPair(question, answer));
            question = "";
            answer = "";
        }
    }
}
