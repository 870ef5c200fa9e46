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
 */
public record ChatSettings(String model, int concurrency, Optional<Path> cache, Optional<JsonSchema> schema) {

    public ChatSettings {
        if (model.isBlank()) {
            throw new IllegalArgumentException("a model has a name");
        }
        if (concurrency < 1) {
            throw new IllegalArgumentException("at least 1 request is under way at once, not " + concurrency);
        }
    }

    /** Free text, four requests at once. */
    public static ChatSettings of(String model, Path cache) {
        return new ChatSettings(model, 4, Optional.of(cache), Optional.empty());
    }

    /** The same settings with a form for the answers. */
    public ChatSettings withSchema(JsonSchema schema) {
        return new ChatSettings(model, concurrency, cache, Optional.of(schema));
    }

    /** The same settings with another number of requests at once. */
    public ChatSettings withConcurrency(int concurrency) {
        return new ChatSettings(model, concurrency, cache, schema);
    }
}
