package io.github.lift4j.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A JSON object that a caller sent. Every field must be asked for before {@link #end()}, which refuses what was not: what a
 * caller wants and does not get is said, not left out. A null is the same as no field.
 */
public final class RequestBody {

    private static final int MOST_BYTES = 4 << 20;

    private final String path;
    private final JsonNode object;
    private final Set<String> asked = new HashSet<>();

    private RequestBody(String path, JsonNode object) {
        this.path = path;
        this.object = object;
        if (!object.isObject()) {
            throw ApiException.malformed(
                    path.isEmpty() ? "The body must be a JSON object." : name("") + " must be a JSON object.");
        }
    }

    /** The body of a request. */
    public static RequestBody of(Context request) {
        return new RequestBody("", Json.parse(bytes(request)));
    }

    /** The same, where none is as good as an empty one. */
    public static RequestBody ofOptional(Context request) {
        byte[] bytes = bytes(request);
        return new RequestBody("", Json.parse(bytes.length == 0 ? new byte[] {'{', '}'} : bytes));
    }

    private static byte[] bytes(Context request) {
        try {
            byte[] bytes = request.req().getInputStream().readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw ApiException.tooLarge(
                        "The body has more than " + MOST_BYTES + " bytes: upload documents as files.");
            }
            return bytes;
        } catch (IOException e) {
            throw ApiException.malformed("The body could not be read to its end.");
        }
    }

    /** A text that must be there. */
    public String text(String field) {
        return optionalText(field).orElseThrow(() -> required(field));
    }

    /** A text that may be there. */
    public Optional<String> optionalText(String field) {
        return field(field).map(value -> {
            if (!value.isTextual()) {
                throw wrong(field, "a string");
            }
            return value.textValue();
        });
    }

    /** A whole number that may be there. */
    public OptionalLong integer(String field, long least, long most) {
        Optional<JsonNode> value = field(field);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!value.get().canConvertToExactIntegral() || !value.get().canConvertToLong()) {
            throw wrong(field, "a whole number");
        }
        long number = value.get().longValue();
        if (number < least || number > most) {
            throw wrong(field, "between " + least + " and " + most);
        }
        return OptionalLong.of(number);
    }

    /** A number that may be there. */
    public OptionalDouble number(String field, double least, double most) {
        Optional<JsonNode> value = field(field);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number = value.get().isNumber() ? value.get().doubleValue() : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw wrong(field, "a number between " + least + " and " + most);
        }
        return OptionalDouble.of(number);
    }

    /** Whether a switch is on; off where it is not there. */
    public boolean flag(String field) {
        return field(field)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw wrong(field, "true or false");
                    }
                    return value.booleanValue();
                })
                .orElse(false);
    }

    /** An object that may be there; its own {@link #end()} is the caller's to call. */
    public Optional<RequestBody> object(String field) {
        return field(field).map(value -> new RequestBody(name(field), value));
    }

    /** The objects of a list that must be there, at least one. */
    public List<RequestBody> objects(String field) {
        JsonNode list = field(field).orElseThrow(() -> required(field));
        if (!list.isArray() || list.isEmpty()) {
            throw wrong(field, "a list of at least one object");
        }
        List<RequestBody> objects = new ArrayList<>();
        for (JsonNode item : list) {
            objects.add(new RequestBody(name(field) + "[" + objects.size() + "]", item));
        }
        return objects;
    }

    /** A text, or texts in a list; none where it is not there. */
    public List<String> texts(String field, int most) {
        Optional<JsonNode> value = field(field);
        List<String> texts = new ArrayList<>();
        if (value.isPresent() && value.get().isTextual()) {
            texts.add(value.get().textValue());
        } else if (value.isPresent()) {
            if (!value.get().isArray() || value.get().size() > most) {
                throw wrong(field, "a string, or a list of at most " + most + " strings");
            }
            for (JsonNode item : value.get()) {
                if (!item.isTextual()) {
                    throw wrong(field, "a string, or a list of at most " + most + " strings");
                }
                texts.add(item.textValue());
            }
        }
        return texts;
    }

    /** A field as it is. */
    public Optional<JsonNode> field(String field) {
        asked.add(field);
        return Optional.ofNullable(object.get(field)).filter(value -> !value.isNull());
    }

    /** Fields that have no bearing on what is answered, such as the caller's own notes. */
    public void accept(String... fields) {
        asked.addAll(List.of(fields));
    }

    /** A field whose one served value is what it would be without it: anything else is refused. */
    public void only(String field, Object served) {
        field(field).ifPresent(value -> {
            boolean same = switch (served) {
                case Integer number -> value.isNumber() && value.doubleValue() == number;
                case Boolean flag -> value.isBoolean() && value.booleanValue() == flag;
                case String text -> value.isTextual() && value.textValue().equals(text);
                default -> value.isContainerNode() && value.isEmpty();
            };
            if (!same) {
                throw ApiException.unsupported(
                        name(field), "'" + name(field) + "' is not served here beyond " + served + ": leave it out.");
            }
        });
    }

    /** Refuses what nobody asked for. */
    public void end() {
        object.fieldNames().forEachRemaining(field -> {
            if (!asked.contains(field) && !object.get(field).isNull()) {
                throw ApiException.unsupported(name(field), "'" + name(field) + "' is not served here: leave it out.");
            }
        });
    }

    /** A field's name from the body's root on. */
    public String name(String field) {
        return path.isEmpty() || field.isEmpty() ? path + field : path + "." + field;
    }

    private ApiException required(String field) {
        return ApiException.invalid(name(field), "'" + name(field) + "' is missing.");
    }

    private ApiException wrong(String field, String rule) {
        return ApiException.invalid(name(field), "'" + name(field) + "' must be " + rule + ".");
    }
}
