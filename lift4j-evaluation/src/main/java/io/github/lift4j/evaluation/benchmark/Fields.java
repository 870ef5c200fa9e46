package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The fields of an object that must have them. */
record Fields(JsonNode object) {

    String text(String name) throws UnreadableLine {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw new UnreadableLine("'" + name + "' is missing or no text");
        }
        return value.textValue();
    }

    String textOr(String name, String otherwise) {
        return object.path(name).asText(otherwise);
    }

    int number(String name) throws UnreadableLine {
        JsonNode value = object.path(name);
        if (!value.canConvertToInt()) {
            throw new UnreadableLine("'" + name + "' is missing or no number");
        }
        return value.intValue();
    }

    boolean truth(String name) throws UnreadableLine {
        JsonNode value = object.path(name);
        if (!value.isBoolean()) {
            throw new UnreadableLine("'" + name + "' is missing or neither true nor false");
        }
        return value.booleanValue();
    }

    List<JsonNode> elements(String name) throws UnreadableLine {
        JsonNode value = object.path(name);
        if (!value.isArray() || value.isEmpty()) {
            throw new UnreadableLine("'" + name + "' is missing, empty or no list");
        }
        return List.copyOf(value.valueStream().toList());
    }

    List<String> texts(String name) throws UnreadableLine {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : elements(name)) {
            texts.add(element.asText());
        }
        return texts;
    }

    /** A text or a list of texts, or nothing. */
    List<String> anyTexts(String name) {
        JsonNode value = object.path(name);
        return value.isArray()
                ? value.valueStream().map(JsonNode::asText).toList()
                : value.isTextual() ? List.of(value.textValue()) : List.of();
    }
}
