package io.github.lift4j.engine.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Speaks the hub's protocol: what a repository holds, what a file is, and a file's bytes. Redirects are followed here
 * and not by the JDK, because the token must go to the endpoint and to nobody else (files come from other hosts), and
 * because a file's hash and size stand in the answer that redirects.
 */
final class HubClient implements AutoCloseable {

    private static final int MAX_REDIRECTS = 10;
    private static final Pattern ETAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private final HubSettings settings;
    private final HttpClient http;
    private final Patience patience;

    HubClient(HubSettings settings) {
        this.settings = settings;
        this.patience = new Patience(settings.retryPause());
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // One connection a shard is faster than one for all.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    /** A repository at one commit, and the paths of its files. */
    record Repository(String commit, Set<String> files) {}

    /** A file at one commit: the name of its blob, which is its hash, and its size in bytes. */
    record FileFacts(String path, String etag, long size) {}

    Repository repository(ModelId id) throws HubFailure, InterruptedException {
        URI uri = address("/api/models/%s/revision/%s".formatted(id.repository(), encode(id.revision())));
        try {
            HttpResponse<String> response = request(
                            "GET", uri, Map.of("Accept", "application/json"), BodyHandlers.ofString(), true)
                    .response();
            if (response.statusCode() != 200) {
                throw failure(id, "", response);
            }
            return parse(id, new ObjectMapper().readTree(response.body()));
        } catch (JacksonException e) {
            throw new HubFailure(
                    "%s answered with something that is no model listing: check HF_ENDPOINT and any proxy"
                            .formatted(settings.endpoint()),
                    e);
        } catch (IOException e) {
            throw unreachable(id, e);
        }
    }

    private Repository parse(ModelId id, JsonNode listing) throws HubFailure {
        String commit = listing.path("sha").asText();
        Set<String> files = new TreeSet<>();
        for (JsonNode sibling : listing.path("siblings")) {
            String path = sibling.path("rfilename").asText();
            if (ModelId.isSafePath(path)) {
                files.add(path);
            }
        }
        if (!HubCache.isCommit(commit)) {
            throw new HubFailure("%s named no commit for %s: check HF_ENDPOINT".formatted(settings.endpoint(), id));
        }
        return new Repository(commit, files);
    }

    FileFacts facts(ModelId id, String commit, String path) throws HubFailure, InterruptedException {
        try {
            Answer<Void> answer = request("HEAD", file(id, commit, path), Map.of(), BodyHandlers.discarding(), false);
            HttpResponse<Void> response = answer.response();
            boolean redirected = isRedirect(response);
            if (response.statusCode() != 200 && !redirected) {
                throw failure(id, path, response);
            }
            Optional<String> etag = answer.header("X-Linked-Etag").or(() -> answer.header("ETag"));
            Optional<String> size = answer.header("X-Linked-Size")
                    .or(() -> redirected ? Optional.empty() : answer.header("Content-Length"));
            String blob = etag.map(text -> text.replaceFirst("^W/", "").replace("\"", ""))
                    .orElse("");
            if (!ETAG.matcher(blob).matches()
                    || !size.map(text -> text.matches("\\d{1,18}")).orElse(false)) {
                throw new HubFailure("%s did not say the hash and the size of %s of %s: check HF_ENDPOINT and any proxy"
                        .formatted(settings.endpoint(), path, id.repository()));
            }
            return new FileFacts(path, blob, Long.parseLong(size.get()));
        } catch (IOException e) {
            throw unreachable(id, e);
        }
    }

    /**
     * Opens a file's bytes from an offset. The status is 200 (the whole file), 206 (from the offset) or 416 (the offset
     * lies behind its end).
     *
     * @throws IOException if the connection fails, so that the caller may try again
     */
    HttpResponse<InputStream> open(ModelId id, String commit, String path, long offset)
            throws IOException, HubFailure, InterruptedException {
        Map<String, String> headers = offset > 0 ? Map.of("Range", "bytes=" + offset + "-") : Map.of();
        HttpResponse<InputStream> response = request(
                        "GET", file(id, commit, path), headers, BodyHandlers.ofInputStream(), true)
                .response();
        if (!Set.of(200, 206, 416).contains(response.statusCode())) {
            response.body().close();
            throw failure(id, path, response);
        }
        return response;
    }

    HubFailure unreachable(ModelId id, IOException cause) {
        return new HubFailure(
                ("%s could not be reached for %s (%s): check the network, set HF_ENDPOINT to a mirror, or name a local"
                                + " folder or .gguf file")
                        .formatted(settings.endpoint(), id.repository(), reason(cause)),
                cause);
    }

    HubFailure brokenDownload(ModelId id, String path, IOException cause) {
        return new HubFailure(
                ("The download of %s of %s broke off again and again (%s): try again, it will go on from where it"
                                + " stopped")
                        .formatted(path, id.repository(), reason(cause)),
                cause);
    }

    Patience patience() {
        return patience;
    }

    Duration idleTimeout() {
        return settings.idleTimeout();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    /** The last answer, and what all answers on the endpoint's own host said. */
    private record Answer<T>(HttpResponse<T> response, Map<String, String> endpointHeaders) {

        Optional<String> header(String name) {
            return Optional.ofNullable(endpointHeaders.get(name));
        }
    }

    /** One request with its redirects, made again while the hub asks for patience. */
    private <T> Answer<T> request(
            String method, URI uri, Map<String, String> headers, BodyHandler<T> handler, boolean leaveEndpoint)
            throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Answer<T> answer = follow(method, uri, headers, handler, leaveEndpoint);
            Optional<Duration> pause = patience.beforeNext(answer.response(), attempt);
            if (pause.isEmpty()) {
                return answer;
            }
            discard(answer.response());
            Thread.sleep(pause.get());
        }
    }

    private <T> Answer<T> follow(
            String method, URI uri, Map<String, String> headers, BodyHandler<T> handler, boolean leaveEndpoint)
            throws IOException, InterruptedException {
        Map<String, String> endpointHeaders = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        URI current = uri;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            HttpResponse<T> response = send(method, current, headers, handler);
            if (isEndpoint(current)) {
                response.headers().map().forEach((name, values) -> endpointHeaders.put(name, values.getFirst()));
            }
            Optional<String> location = response.headers().firstValue("Location");
            if (!isRedirect(response) || location.isEmpty()) {
                return new Answer<>(response, endpointHeaders);
            }
            URI next = resolve(current, location.get());
            if (!leaveEndpoint && !isEndpoint(next)) {
                return new Answer<>(response, endpointHeaders);
            }
            discard(response);
            current = next;
        }
        throw new IOException("more than %d redirects".formatted(MAX_REDIRECTS));
    }

    private static URI resolve(URI current, String location) throws IOException {
        try {
            URI next = current.resolve(location);
            boolean weaker = "https".equals(current.getScheme()) && !"https".equals(next.getScheme());
            if (weaker || next.getHost() == null) {
                throw new IOException("a redirect to \"%s\", which is not followed".formatted(location));
            }
            return next;
        } catch (IllegalArgumentException e) {
            throw new IOException("a redirect to \"%s\", which is no address".formatted(location), e);
        }
    }

    private <T> HttpResponse<T> send(String method, URI uri, Map<String, String> headers, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", "lift4j");
        headers.forEach(request::header);
        if (isEndpoint(uri)) {
            settings.token().ifPresent(token -> authorize(request, token));
        }
        CompletableFuture<HttpResponse<T>> future = http.sendAsync(request.build(), handler);
        try {
            // Bounds all of it, a slow name server too, which the JDK's own time-outs leave out.
            return future.get(settings.idleTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(
                    "no answer within %d s".formatted(settings.idleTimeout().toSeconds()), e);
        } finally {
            if (!future.isDone()) {
                future.cancel(true);
            }
        }
    }

    private static void authorize(HttpRequest.Builder request, String token) {
        try {
            request.header("Authorization", "Bearer " + token);
        } catch (IllegalArgumentException e) {
            throw new LiftException("HF_TOKEN (or the token file) holds characters that no token has: set it again.");
        }
    }

    private HubFailure failure(ModelId id, String path, HttpResponse<?> response) {
        String repository = id.repository();
        String code = response.headers().firstValue("X-Error-Code").orElse("");
        return new HubFailure(
                switch (response.statusCode()) {
                    case 401, 403 ->
                        code.equals("RepoNotFound")
                                ? unknown(repository)
                                : ("%s is gated or private, and the hub refused it (status %d): accept its licence at"
                                                + " %s/%s and set HF_TOKEN to a token of yours that may read it")
                                        .formatted(repository, response.statusCode(), settings.endpoint(), repository);
                    case 404 ->
                        switch (code) {
                            case "RevisionNotFound" ->
                                "%s has no revision \"%s\" on the hub: check the part behind the @"
                                        .formatted(repository, id.revision());
                            case "EntryNotFound" ->
                                "%s has no file %s on the hub: check its name".formatted(repository, path);
                            default ->
                                path.isEmpty()
                                        ? unknown(repository)
                                        : "%s has no file %s on the hub: check its name".formatted(repository, path);
                        };
                    case 429 ->
                        ("The hub allows no more requests for now (status 429%s): try again later, or set HF_TOKEN,"
                                        + " which raises the limit")
                                .formatted(Patience.asked(response)
                                        .map(pause -> ", it asks for %d s".formatted(pause.toSeconds()))
                                        .orElse(""));
                    default ->
                        "%s answered with status %d for %s: try again later"
                                .formatted(settings.endpoint(), response.statusCode(), repository);
                });
    }

    private String unknown(String repository) {
        return ("%s knows no model %s (or it is private), and there is no local folder or file of that name: check the"
                        + " spelling, or set HF_TOKEN to a token that may read it")
                .formatted(settings.endpoint(), repository);
    }

    private boolean isEndpoint(URI uri) {
        URI endpoint = settings.endpoint();
        return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
                && endpoint.getHost().equalsIgnoreCase(uri.getHost())
                && endpoint.getPort() == uri.getPort();
    }

    private URI file(ModelId id, String commit, String path) {
        StringBuilder encoded = new StringBuilder();
        for (String part : path.split("/", -1)) {
            encoded.append('/').append(encode(part));
        }
        return address("/%s/resolve/%s%s".formatted(id.repository(), commit, encoded));
    }

    private URI address(String path) {
        return URI.create(settings.endpoint() + path);
    }

    private static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static boolean isRedirect(HttpResponse<?> response) {
        return Set.of(301, 302, 303, 307, 308).contains(response.statusCode());
    }

    private static void discard(HttpResponse<?> response) throws IOException {
        if (response.body() instanceof InputStream body) {
            body.close();
        }
    }

    /** What a person understands of a failed connection; the JDK leaves most of it without a message. */
    private static String reason(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UnresolvedAddressException unresolved -> {
                    return "no such host";
                }
                case HttpTimeoutException timeout -> {
                    return "no connection in time";
                }
                case ConnectException refused
                when refused.getCause() instanceof ClosedChannelException -> {
                    return "connection refused";
                }
                default -> {}
            }
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
