package io.github.lift4j.cli;

import io.github.lift4j.remote.Endpoint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which provider. The base URL is never taken from a memory's folder: whoever made the folder would then say where the key
 * is sent.
 */
final class EndpointOptions {

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "The provider's API (default: what OPENAI_BASE_URL says, else OpenAI's own).")
    private @Nullable String baseUrl;

    @Option(
            names = "--key-variable",
            paramLabel = "NAME",
            defaultValue = Endpoint.KEY_VARIABLE,
            description = "The variable of the environment that holds the API key (default: ${DEFAULT-VALUE}).")
    private String keyVariable;

    Endpoint endpoint() {
        return Endpoint.fromEnvironment(Optional.ofNullable(baseUrl), keyVariable);
    }
}
