package io.github.lift4j.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.core.JsonValue;
import com.openai.models.ResponseFormatJsonSchema;
import io.github.lift4j.prompt.Wording;

/**
 * The form an answer shall have, for endpoints that can hold a model to one.
 *
 * @param name what the form is called, of letters, digits, {@code _} and {@code -}
 * @param schema a JSON schema of an object
 */
public record JsonSchema(String name, String schema) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public JsonSchema {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("a schema's name has 1 to 64 letters, digits, _ or -: " + name);
        }
        if (!parsed(schema).isObject()) {
            throw new IllegalArgumentException("a JSON schema is a JSON object: " + schema);
        }
    }

    /** The schema in a resource file beside this class. */
    static JsonSchema read(String name, String file) {
        return new JsonSchema(name, Wording.read(JsonSchema.class, file).text());
    }

    ResponseFormatJsonSchema format() {
        ResponseFormatJsonSchema.JsonSchema.Schema.Builder fields =
                ResponseFormatJsonSchema.JsonSchema.Schema.builder();
        parsed(schema)
                .properties()
                .forEach(field ->
                        fields.putAdditionalProperty(field.getKey(), JsonValue.fromJsonNode(field.getValue())));
        return ResponseFormatJsonSchema.builder()
                .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                        .name(name)
                        .schema(fields.build())
                        .strict(true)
                        .build())
                .build();
    }

    /** Whether a text is whole JSON. */
    static boolean holds(String text) {
        try {
            JSON.readTree(text);
            return true;
        } catch (JsonProcessingException e) {
            return false; // That is the answer to the question.
        }
    }

    private static JsonNode parsed(String schema) {
        try {
            return JSON.readTree(schema);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a JSON schema is JSON: " + schema, e);
        }
    }
}
