package io.github.lift4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * A provider on the loopback interface that speaks the documented protocol: chat completions, files, fine-tuning jobs.
 * A test says what it shall answer and then looks at what it was asked.
 */
public final class FakeProvider implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A request as it came. */
    public record Request(String method, String path, String query, Map<String, String> headers, String body) {

        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public String is() {
            return method + " " + path;
        }
    }

    /** What is answered. */
    public record Response(int status, String type, Map<String, String> headers, String body, Duration delay) {

        public static Response json(int status, String body) {
            return new Response(status, "application/json", Map.of(), body, Duration.ZERO);
        }

        public static Response error(int status, String message) {
            return json(status, "{\"error\":{\"message\":" + quoted(message) + ",\"type\":\"t\",\"code\":null}}");
        }

        public static Response html(int status) {
            return new Response(
                    status, "text/html", Map.of(), "<!doctype html><html><body>Hi</body></html>", Duration.ZERO);
        }

        public Response with(String header, String value) {
            return new Response(status, type, Map.of(header, value), body, delay);
        }

        public Response after(Duration delay) {
            return new Response(status, type, headers, body, delay);
        }
    }

    /** Requests in the order of their arrival. */
    public final List<Request> requests = new CopyOnWriteArrayList<>();

    /** The pauses that the client took. */
    final List<Duration> pauses = new CopyOnWriteArrayList<>();

    private final Map<String, Deque<Function<Request, Response>>> scripts = new HashMap<>();
    private final Map<String, Function<Request, Response>> standing = new HashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private Runnable begun = () -> {};
    private Runnable ended = () -> {};

    public FakeProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public Endpoint endpoint() {
        return Endpoint.of("http://127.0.0.1:" + server.getAddress().getPort() + "/v1", "sk-secret");
    }

    /** Pauses take no time, and are written down. */
    Patience patience() {
        return new Patience(Duration.ofSeconds(1), new Random(1), Clock.fixed(NOW, ZoneOffset.UTC), pauses::add);
    }

    Connection connection() {
        return new Connection(endpoint(), patience());
    }

    /** Answers the next requests of this kind, such as {@code POST /v1/files}, one each; before the standing answer. */
    public synchronized FakeProvider next(String what, Response... responses) {
        for (Response response : responses) {
            scripts.computeIfAbsent(what, key -> new ArrayDeque<>()).add(request -> response);
        }
        return this;
    }

    /** Answers all requests of this kind. */
    public synchronized FakeProvider always(String what, Function<Request, Response> answer) {
        standing.put(what, answer);
        return this;
    }

    /**
     * Tunes a model: takes the file {@code file-1} and makes the job {@code job-1} of it.
     *
     * @param model what it is called once its job has succeeded
     * @param statuses each look at the job finds the next of these, and the last one ever after
     */
    public FakeProvider fineTunes(String model, String... statuses) {
        always("POST /v1/files", request -> file("file-1"));
        always("GET /v1/fine_tuning/jobs", request -> jobs());
        always(
                "POST /v1/fine_tuning/jobs",
                request -> Response.json(200, job("job-1", "file-1", "validating_files", null, "null")));
        always("GET /v1/fine_tuning/jobs/job-1/events", request -> event("Step 3/12: training loss=0.5"));
        Deque<String> left = new ArrayDeque<>(List.of(statuses));
        return always("GET /v1/fine_tuning/jobs/job-1", request -> {
            String status = left.size() > 1 ? left.removeFirst() : left.getFirst();
            return Response.json(
                    200, job("job-1", "file-1", status, status.equals("succeeded") ? model : null, "null"));
        });
    }

    /** Watches when an answer's delay begins and ends. */
    void whileAnswering(Runnable begun, Runnable ended) {
        this.begun = begun;
        this.ended = ended;
    }

    public List<Request> requests(String what) {
        return requests.stream().filter(request -> request.is().equals(what)).toList();
    }

    public static Response said(String text) {
        return completion(quoted(text), "stop");
    }

    public static Response completion(String content, String finish) {
        return Response.json(200, """
                {"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
                "finish_reason":"%s","logprobs":null,"message":{"role":"assistant","content":%s,"refusal":null}}],
                "usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""".formatted(finish, content));
    }

    public static String job(String id, String file, String status, String model, String error) {
        return """
                {"object":"fine_tuning.job","id":"%s","model":"gpt-3.5-turbo-0125","created_at":1,"finished_at":null,
                "fine_tuned_model":%s,"organization_id":"org","result_files":[],"status":"%s","validation_file":null,
                "training_file":"%s","trained_tokens":null,"seed":0,"hyperparameters":{"n_epochs":2},"error":%s}""".formatted(id, model == null ? "null" : quoted(model), status, file, error);
    }

    public static Response jobs(String... jobs) {
        return Response.json(200, "{\"object\":\"list\",\"has_more\":false,\"data\":[" + String.join(",", jobs) + "]}");
    }

    public static Response event(String message) {
        return jobs(
                "{\"object\":\"fine_tuning.job.event\",\"id\":\"ev1\",\"created_at\":1,\"level\":\"info\",\"message\":"
                        + quoted(message) + "}");
    }

    public static Response file(String id) {
        return Response.json(
                200,
                "{\"id\":\"" + id
                        + "\",\"object\":\"file\",\"bytes\":1,\"created_at\":1,\"filename\":\"training.jsonl\","
                        + "\"purpose\":\"fine-tune\",\"status\":\"processed\"}");
    }

    public static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        Request request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                exchange.getRequestURI().getQuery(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        requests.add(request);
        Response response = answer(request);
        begun.run();
        try {
            Thread.sleep(response.delay());
        } catch (InterruptedException e) {
            exchange.close();
            return;
        } finally {
            ended.run();
        }
        exchange.getResponseHeaders().set("Content-Type", response.type());
        response.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private synchronized Response answer(Request request) {
        Deque<Function<Request, Response>> script = scripts.getOrDefault(request.is(), new ArrayDeque<>());
        if (!script.isEmpty()) {
            return script.poll().apply(request);
        }
        return standing.getOrDefault(request.is(), r -> Response.error(404, "no such thing: " + r.is()))
                .apply(request);
    }

    public List<String> order() {
        return requests.stream().map(Request::is).toList();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
