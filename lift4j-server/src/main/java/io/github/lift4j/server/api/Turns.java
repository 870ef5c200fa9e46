package io.github.lift4j.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.RequestBody;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation.
 *
 * @param system what it begins with, or an empty text
 * @param talk the user's and the assistant's turns by turns, the user's first and last
 */
record Turns(String system, List<Message> talk) {

    private static final String BETWEEN = "\n\n";

    /** The conversation in the field {@code messages}. */
    static Turns read(RequestBody body) {
        List<String> system = new ArrayList<>();
        List<Message> talk = new ArrayList<>();
        for (RequestBody message : body.objects("messages")) {
            String role = message.text("role");
            String content = content(message);
            message.optionalText("name");
            message.end();
            switch (role) {
                case "system", "developer" -> {
                    if (!talk.isEmpty()) {
                        throw ApiException.invalid(
                                message.name("role"), "System messages must stand before all others.");
                    }
                    system.add(content);
                }
                case "user", "assistant" -> add(talk, new Message(role, content), message);
                default ->
                    throw ApiException.unsupported(
                            message.name("role"),
                            "The role '" + role + "' is not served here: use system, user and assistant.");
            }
        }
        if (talk.isEmpty() || !talk.getLast().role().equals("user")) {
            throw ApiException.invalid("messages", "The last message must be the user's.");
        }
        return new Turns(String.join(BETWEEN, system), List.copyOf(talk));
    }

    /** Two turns of one speaker are one. */
    private static void add(List<Message> talk, Message next, RequestBody message) {
        if (talk.isEmpty() && !next.role().equals("user")) {
            throw ApiException.invalid(message.name("role"), "The first turn must be the user's.");
        }
        if (!talk.isEmpty() && talk.getLast().role().equals(next.role())) {
            Message last = talk.removeLast();
            talk.add(new Message(last.role(), last.content() + BETWEEN + next.content()));
        } else {
            talk.add(next);
        }
    }

    /** A text, or texts in parts. */
    private static String content(RequestBody message) {
        boolean parts = message.field("content").map(JsonNode::isArray).orElse(false);
        if (!parts) {
            return message.text("content");
        }
        List<String> texts = new ArrayList<>();
        for (RequestBody part : message.objects("content")) {
            String type = part.text("type");
            if (!type.equals("text")) {
                throw ApiException.unsupported(part.name("type"), "Only text is served here, not '" + type + "'.");
            }
            texts.add(part.text("text"));
            part.end();
        }
        return String.join("", texts);
    }
}
