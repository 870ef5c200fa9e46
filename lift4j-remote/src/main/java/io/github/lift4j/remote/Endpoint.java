package io.github.lift4j.remote;

import io.github.lift4j.engine.LiftException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where a model is asked, and how patiently.
 *
 * @param baseUrl of the API, such as {@code https://api.openai.com/v1}; without a slash at its end
 * @param apiKey what it is opened with; never written anywhere
 * @param timeout longest wait for one answer, positive
 * @param tries how often a request is sent before its failure stands, at least 1
 */
public record Endpoint(String baseUrl, String apiKey, Duration timeout, int tries) {

    /** The variable of the environment that holds the key, unless another is named. */
    public static final String KEY_VARIABLE = "OPENAI_API_KEY";

    private static final String PROVIDER = "https://api.openai.com/v1";

    /** Sent to servers that ask for no key: the protocol has no way to leave it out. */
    private static final String NO_KEY = "none";

    public Endpoint {
        baseUrl = checked(baseUrl);
        if (apiKey.isBlank()) {
            throw new LiftException("The API key for " + baseUrl + " is empty: set OPENAI_API_KEY to a key.");
        }
        if (!apiKey.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new LiftException("The API key for " + baseUrl
                    + " has white space or letters that no key has: copy it again and set OPENAI_API_KEY to it.");
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a time-out is positive, not " + timeout);
        }
        if (tries < 1) {
            throw new IllegalArgumentException("a request is tried at least once, not " + tries + " times");
        }
    }

    /** An endpoint that is given five minutes for an answer, and six tries. */
    public static Endpoint of(String baseUrl, String apiKey) {
        return new Endpoint(baseUrl, apiKey, Duration.ofMinutes(5), 6);
    }

    /**
     * What {@code OPENAI_BASE_URL} (else OpenAI's own) and {@code OPENAI_API_KEY} say.
     *
     * @throws LiftException where OpenAI's own is to be asked and there is no key
     */
    public static Endpoint fromEnvironment() {
        return fromEnvironment(Optional.empty(), KEY_VARIABLE);
    }

    /**
     * The same with a base URL that goes before the environment's, and a key from another variable.
     *
     * @throws LiftException where OpenAI's own is to be asked and there is no key, or another variable than
     *     {@link #KEY_VARIABLE} was named and is not set
     */
    public static Endpoint fromEnvironment(Optional<String> baseUrl, String keyVariable) {
        return from(System.getenv(), baseUrl, keyVariable);
    }

    static Endpoint from(Map<String, String> environment) {
        return from(environment, Optional.empty(), KEY_VARIABLE);
    }

    static Endpoint from(Map<String, String> environment, Optional<String> baseUrl, String keyVariable) {
        Optional<String> key = named(environment, keyVariable);
        Optional<String> url = baseUrl.or(() -> named(environment, "OPENAI_BASE_URL"));
        if (key.isEmpty() && !keyVariable.equals(KEY_VARIABLE)) {
            throw new LiftException("There is no key in " + keyVariable + ": set this variable to one.");
        }
        if (url.isEmpty() && key.isEmpty()) {
            throw new LiftException("There is no key for " + PROVIDER + ": set OPENAI_API_KEY to one, or"
                    + " OPENAI_BASE_URL to an endpoint that needs none.");
        }
        return of(url.orElse(PROVIDER), key.orElse(NO_KEY));
    }

    /** The same endpoint with another time-out. */
    public Endpoint withTimeout(Duration timeout) {
        return new Endpoint(baseUrl, apiKey, timeout, tries);
    }

    /** The same endpoint with another number of tries. */
    public Endpoint withTries(int tries) {
        return new Endpoint(baseUrl, apiKey, timeout, tries);
    }

    /** Says nothing of the key. */
    @Override
    public String toString() {
        return baseUrl;
    }

    private static Optional<String> named(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static String checked(String baseUrl) {
        String text = baseUrl.strip().replaceAll("/+$", "");
        if (!isAddress(text)) {
            throw new LiftException("\"" + text + "\" is no endpoint's address: give one such as " + PROVIDER
                    + ", without a name or password in it.");
        }
        return text;
    }

    private static boolean isAddress(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null && uri.getRawUserInfo() == null;
        } catch (URISyntaxException e) {
            return false; // That is the answer to the question.
        }
    }
}
