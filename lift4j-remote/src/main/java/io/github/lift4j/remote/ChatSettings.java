package io.github.lift4j.remote;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a model behind an endpoint is asked.
 *
 * @param model its name, as the endpoint knows it
 * @param concurrency how many requests may be under way at once, at least 1
 * @param cache folder in which answers are kept, or empty to keep none
 * @param schema form of the answers, or empty for free text; where the endpoint refuses it, it is asked without
 * @param lenient whether an answer that is not in its form, is cut off or declined is given as far as it goes, perhaps
 *     empty, instead of being a failure: for who asks so much that one answer more or less does not matter
 */
public record ChatSettings(
        String model, int concurrency, Optional<Path> cache, Optional<JsonSchema> schema, boolean lenient) {

    public ChatSettings {
        if (model.isBlank()) {
            throw new IllegalArgumentException("a model has a name");
        }
        if (concurrency < 1) {
            throw new IllegalArgumentException("at least 1 request is under way at once, not " + concurrency);
        }
    }

    /** Settings by which every answer must be whole and in its form. */
    public ChatSettings(String model, int concurrency, Optional<Path> cache, Optional<JsonSchema> schema) {
        this(model, concurrency, cache, schema, false);
    }

    /** Free text, four requests at once. */
    public static ChatSettings of(String model, Path cache) {
        return new ChatSettings(model, 4, Optional.of(cache), Optional.empty());
    }

    /** The same settings with a form for the answers. */
    public ChatSettings withSchema(JsonSchema schema) {
        return new ChatSettings(model, concurrency, cache, Optional.of(schema), lenient);
    }

    /** The same settings with another number of requests at once. */
    public ChatSettings withConcurrency(int concurrency) {
        return new ChatSettings(model, concurrency, cache, schema, lenient);
    }
}
