package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * What a caller without a client library sends.
 *
 * @param key empty for none
 */
record Calls(int port, Optional<String> key) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Calls(int port) {
        this(port, Optional.empty());
    }

    Calls with(String other) {
        return new Calls(port, Optional.of(other));
    }

    /** What came back. */
    record Answer(int status, HttpResponse<String> response) {

        JsonNode json() {
            return parsed(response.body());
        }

        /** What the events of a stream say. */
        List<String> events() {
            return response.body()
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> line.substring("data: ".length()))
                    .toList();
        }

        String text(String pointer) {
            return json().at(pointer).asText();
        }
    }

    /** A text as JSON has it. */
    static String quoted(String text) {
        return JSON.valueToTree(text).toString();
    }

    static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    Answer post(String path, String body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Asks chats all at once. @return their answers in the same order */
    List<Answer> together(List<String> bodies) throws Exception {
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> asking = bodies.stream()
                    .map(body -> (Callable<Answer>) () -> post("/v1/chat/completions", body))
                    .toList();
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : askers.invokeAll(asking)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    /** Holds that chats, asked all at once, are each answered as they are alone. */
    void assertAsAlone(List<String> bodies) throws Exception {
        List<Answer> together = together(bodies);
        for (int i = 0; i < bodies.size(); i++) {
            Answer alone = post("/v1/chat/completions", bodies.get(i));
            assertThat(alone.status()).as(alone.response().body()).isEqualTo(200);
            for (String part : List.of("/choices/0", "/usage", "/lift")) {
                assertThat(together.get(i).json().at(part))
                        .as(bodies.get(i))
                        .isEqualTo(alone.json().at(part));
            }
        }
    }

    /** Uploads a text as a document. */
    Answer upload(String name, String text) {
        return form("""
                --b\r
                Content-Disposition: form-data; name="purpose"\r
                \r
                fine-tune\r
                --b\r
                Content-Disposition: form-data; name="file"; filename="%s"\r
                Content-Type: text/plain\r
                \r
                %s\r
                --b--\r
                """.formatted(name, text));
    }

    /** Sends a form whose boundary is {@code b}. */
    Answer form(String body) {
        return send(request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Makes a job of a new file. @return its id */
    String job(String recipe) {
        return jobOf(TinyLift.TEXT, recipe);
    }

    private String jobOf(String text, String recipe) {
        Answer file = upload("gulls.txt", text);
        assertThat(file.status()).as(file.response().body()).isEqualTo(200);
        Answer job = create(file.text("/id"), recipe);
        assertThat(job.status()).as(job.response().body()).isEqualTo(200);
        return job.text("/id");
    }

    /** Has a document learned, by the short recipe. @return the memory's name */
    String learned() throws InterruptedException {
        return learned(TinyLift.TEXT, "short");
    }

    /** Has a document learned. @return the memory's name */
    String learned(String text, String recipe) throws InterruptedException {
        return awaitStatus(jobOf(text, recipe), "succeeded")
                .get("fine_tuned_model")
                .asText();
    }

    Answer create(String file, String recipe) {
        return post("/v1/fine_tuning/jobs", """
                {"model": "tiny", "training_file": "%s", "seed": 7,
                 "method": {"type": "lift", "lift": {"recipe": "%s"}}}""".formatted(file, recipe));
    }

    Answer job(String id, String what) {
        return post("/v1/fine_tuning/jobs/" + id + "/" + what, "");
    }

    /** Waits until a job is as wanted. */
    JsonNode await(String job, Predicate<JsonNode> wanted) throws InterruptedException {
        return awaitAt("/v1/fine_tuning/jobs/" + job, wanted);
    }

    JsonNode awaitStatus(String job, String status) throws InterruptedException {
        return await(job, now -> now.get("status").asText().equals(status));
    }

    /** Waits until the newest step that a job's events tell of is behind this one. @return it */
    int awaitStepBehind(String job, int step) throws InterruptedException {
        JsonNode events = awaitAt("/v1/fine_tuning/jobs/" + job + "/events?limit=100", now -> newestStep(now) > step);
        return newestStep(events);
    }

    private static int newestStep(JsonNode events) {
        for (JsonNode event : events.get("data")) {
            if (event.at("/data/step").isInt()) {
                return event.at("/data/step").intValue();
            }
        }
        return 0;
    }

    private JsonNode awaitAt(String path, Predicate<JsonNode> wanted) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
        while (true) {
            JsonNode now = get(path).json();
            if (wanted.test(now)) {
                return now;
            }
            assertThat(System.nanoTime()).as("waited too long: " + now).isLessThan(end);
            Thread.sleep(20);
        }
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60));
        key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
