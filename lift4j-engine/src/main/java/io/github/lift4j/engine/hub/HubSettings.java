package io.github.lift4j.engine.hub;

import io.github.lift4j.engine.LiftException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where models are looked for and how the hub is spoken to, under the names that Hugging Face gave these settings.
 *
 * @param hubCache the Hugging Face cache, shared with other programs
 * @param liftHome the folder for what lift4j alone keeps
 * @param endpoint the hub's address, without a slash at its end
 * @param token the access token, sent to the endpoint and to no other host
 * @param offline whether the hub must not be asked; Python's package index is not the hub, and {@code pip} has its own
 *     settings
 * @param commandPath the folders in which {@code python3} and {@code pip} are looked for
 * @param connectTimeout how long a connection may take to come about
 * @param idleTimeout how long an answer, or a download's next byte, may take
 * @param retryPause the first pause before a request is made again; each further one is twice as long
 */
public record HubSettings(
        Path hubCache,
        Path liftHome,
        URI endpoint,
        Optional<String> token,
        boolean offline,
        List<Path> commandPath,
        Duration connectTimeout,
        Duration idleTimeout,
        Duration retryPause) {

    private static final String PUBLIC_HUB = "https://huggingface.co";
    private static final Set<String> TRUE_WORDS = Set.of("1", "ON", "YES", "TRUE");

    public HubSettings {
        commandPath = List.copyOf(commandPath);
    }

    /**
     * Reads the settings from environment variables: {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT},
     * {@code HF_TOKEN}, {@code HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE}, {@code XDG_CACHE_HOME}, {@code LIFT4J_HOME},
     * {@code PATH} and {@code HOME}, each optional.
     *
     * @throws LiftException if a variable holds what cannot be a folder or an address, or the token file is unreadable
     */
    public static HubSettings fromEnvironment(Map<String, String> environment) {
        Environment variables = new Environment(environment);
        Path caches = variables
                .folder("XDG_CACHE_HOME")
                .orElseGet(() -> variables.home().resolve(".cache"));
        Path hubHome = variables.folder("HF_HOME").orElseGet(() -> caches.resolve("huggingface"));
        return new HubSettings(
                variables
                        .folder("HF_HUB_CACHE")
                        .or(() -> variables.folder("HUGGINGFACE_HUB_CACHE"))
                        .orElseGet(() -> hubHome.resolve("hub")),
                variables.folder("LIFT4J_HOME").orElseGet(() -> caches.resolve("lift4j")),
                variables.endpoint(),
                variables.token(hubHome),
                variables.isTrue("HF_HUB_OFFLINE") || variables.isTrue("TRANSFORMERS_OFFLINE"),
                variables.commandPath(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1));
    }

    HubSettings withTimeouts(Duration connect, Duration idle) {
        return new HubSettings(hubCache, liftHome, endpoint, token, offline, commandPath, connect, idle, retryPause);
    }

    /** The settings without the token, which must not end up in a log. */
    @Override
    public String toString() {
        return "HubSettings[hubCache=%s, liftHome=%s, endpoint=%s, token=%s, offline=%s]"
                .formatted(hubCache, liftHome, endpoint, token.isPresent() ? "set" : "none", offline);
    }

    /** Environment variables, of which an empty one counts as absent. */
    private record Environment(Map<String, String> variables) {

        Optional<String> text(String name) {
            return Optional.ofNullable(variables.get(name)).map(String::strip).filter(value -> !value.isEmpty());
        }

        boolean isTrue(String name) {
            return text(name)
                    .map(value -> value.toUpperCase(Locale.ROOT))
                    .filter(TRUE_WORDS::contains)
                    .isPresent();
        }

        Path home() {
            return text("HOME")
                    .or(() -> text("USERPROFILE"))
                    .map(Path::of)
                    .orElseGet(() -> Path.of(System.getProperty("user.home")));
        }

        Optional<Path> folder(String name) {
            return text(name).map(value -> {
                try {
                    boolean underHome = value.equals("~") || value.startsWith("~/");
                    Path path = underHome ? home().resolve(value.substring(1).replaceFirst("^/", "")) : Path.of(value);
                    return path.toAbsolutePath().normalize();
                } catch (InvalidPathException e) {
                    throw new LiftException(
                            "%s is set to \"%s\", which is not a path: correct or unset it.".formatted(name, value), e);
                }
            });
        }

        URI endpoint() {
            String value = text("HF_ENDPOINT").orElse(PUBLIC_HUB).replaceFirst("/+$", "");
            try {
                URI uri = new URI(value);
                if (uri.getHost() != null && List.of("http", "https").contains(uri.getScheme())) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                throw notAnEndpoint(value, e);
            }
            throw notAnEndpoint(value, null);
        }

        private static LiftException notAnEndpoint(String value, @Nullable Exception cause) {
            String message = "HF_ENDPOINT is set to \"%s\", which is not an http or https address: correct or unset it."
                    .formatted(value);
            return cause == null ? new LiftException(message) : new LiftException(message, cause);
        }

        Optional<String> token(Path hubHome) {
            Optional<String> named = text("HF_TOKEN").or(() -> text("HUGGING_FACE_HUB_TOKEN"));
            Path file = folder("HF_TOKEN_PATH").orElseGet(() -> hubHome.resolve("token"));
            if (named.isPresent() || !Files.isRegularFile(file)) {
                return named;
            }
            try {
                return Optional.of(Files.readString(file).strip()).filter(value -> !value.isEmpty());
            } catch (IOException e) {
                throw new LiftException(
                        "The token file %s cannot be read: make it readable, or set HF_TOKEN.".formatted(file), e);
            }
        }

        List<Path> commandPath() {
            Stream<String> folders =
                    text("PATH").stream().flatMap(path -> Arrays.stream(path.split(File.pathSeparator)));
            return folders.filter(folder -> !folder.isBlank()).map(Path::of).toList();
        }
    }
}
