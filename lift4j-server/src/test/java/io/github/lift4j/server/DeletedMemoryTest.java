package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.Lift;
import io.github.lift4j.server.answer.Desk;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a memory that is deleted, and of what had to do with it. */
class DeletedMemoryTest {

    @TempDir
    private Path folder;

    private Path home;
    private Lift lift;
    private LiftServer server;
    private Calls calls;
    private String job;
    private String memory;

    @BeforeEach
    void start() throws Exception {
        lift = TinyLift.open(TinyLift.copyTo(folder.resolve("tiny")));
        serve();
        job = calls.job("short");
        memory = calls.awaitStatus(job, "succeeded").get("fine_tuned_model").asText();
        home = folder.resolve("data/memories").resolve(memory);
    }

    private void serve() {
        server = LiftServer.start(
                lift,
                ServerSettings.of(folder.resolve("data"))
                        .at("127.0.0.1", 0)
                        .with(TinyLift.limits(20_000, 2), new Desk.Size(4, 8, 4))
                        .with(TinyLift.RECIPES));
        calls = new Calls(server.port());
    }

    @AfterEach
    void stop() {
        server.close();
        lift.close();
    }

    @Test
    void nothingIsLeftOfItButItsJob() throws Exception {
        assertThat(ask("lift", 4).status()).isEqualTo(200);
        assertThat(ask("icl", 4).status()).isEqualTo(200);
        awaitMetric("lift_voices_idle 2.0");

        Calls.Answer deleted = calls.delete("/v1/models/" + memory);
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.text("/id")).isEqualTo(memory);
        assertThat(deleted.text("/object")).isEqualTo("model");
        assertThat(deleted.json().get("deleted").booleanValue()).isTrue();

        assertThat(home).doesNotExist();
        awaitMetric("lift_voices_idle 0.0");
        for (Calls.Answer missing : List.of(
                calls.get("/v1/models/" + memory),
                calls.delete("/v1/models/" + memory),
                ask("lift", 4),
                calls.post("/v1/completions", "{\"model\": \"" + memory + "\", \"prompt\": \"On\"}"))) {
            assertThat(missing.status()).as(missing.response().body()).isEqualTo(404);
            assertThat(missing.text("/error/code")).isEqualTo("model_not_found");
        }
        assertThat(calls.get("/v1/models").json().get("data")).hasSize(1);
        Calls.Answer left = calls.get("/v1/fine_tuning/jobs/" + job);
        assertThat(left.text("/status")).isEqualTo("succeeded");
        assertThat(left.text("/fine_tuned_model")).isEqualTo(memory);
        assertThat(calls.get("/v1/fine_tuning/jobs/" + job + "/checkpoints")
                        .json()
                        .get("data"))
                .isEmpty();
        assertThat(calls.get("/v1/fine_tuning/jobs/" + job + "/events").text("/data/0/message"))
                .isEqualTo("The memory " + memory + " was deleted.");
    }

    @Test
    void whoAskedBeforeStillHearsTheWholeAnswer() throws Exception {
        String whole = ask("lift", 600).text("/choices/0/message/content");
        HttpRequest asking = calls.request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body("lift", 600, true)))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> stream = client.send(asking, HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader events =
                    new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                assertThat(events.readLine()).startsWith("data: ");
                assertThat(calls.delete("/v1/models/" + memory).status()).isEqualTo(200);
                assertThat(home.resolve("memory.json"))
                        .as("while it is being answered by")
                        .exists();
                assertThat(ask("lift", 4).status()).isEqualTo(404);
                assertThat(text(events)).isEqualTo(whole);
            }
        }
        for (int i = 0; i < 500 && Files.exists(home); i++) {
            Thread.sleep(20);
        }
        assertThat(home).doesNotExist();
        awaitMetric("lift_voices_idle 0.0");
    }

    /** The pieces of a chat's answer put together. */
    private static String text(BufferedReader events) {
        StringBuilder text = new StringBuilder();
        List<String> heard = events.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> line.substring("data: ".length()))
                .toList();
        for (String event : heard) {
            text.append(Calls.parsed(event).at("/choices/0/delta/content").asText(""));
        }
        return text.toString();
    }

    @Test
    void whatAKillLeavesOfItGoesAtTheNextStart() throws Exception {
        Path kept = folder.resolve("kept");
        Files.createDirectories(kept);
        try (Stream<Path> files = Files.list(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, kept.resolve(file.getFileName()));
            }
        }
        assertThat(calls.delete("/v1/models/" + memory).status()).isEqualTo(200);
        server.close();
        Files.move(kept, home);
        serve();
        assertThat(home).doesNotExist();
        assertThat(calls.get("/v1/models/" + memory).status()).isEqualTo(404);
    }

    @Test
    void theBaseStays() {
        for (String base : List.of("tiny", "ti%6Ey")) {
            Calls.Answer refused = calls.delete("/v1/models/" + base);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text("/error/code")).isEqualTo("forbidden");
            assertThat(refused.text("/error/message")).contains("only memories");
        }
        assertThat(calls.delete("/v1/models/" + memory + ":lift").status()).isEqualTo(404);
        assertThat(ask("lift", 4).status()).isEqualTo(200);
    }

    private void awaitMetric(String line) throws InterruptedException {
        String metrics = calls.get("/metrics").response().body();
        for (int i = 0; i < 500 && !metrics.contains(line); i++) {
            Thread.sleep(20);
            metrics = calls.get("/metrics").response().body();
        }
        assertThat(metrics).contains(line);
    }

    private Calls.Answer ask(String mode, int most) {
        return calls.post("/v1/chat/completions", body(mode, most, false));
    }

    private String body(String mode, int most, boolean stream) {
        return """
                {"model": "%s:%s", "max_tokens": %d, "stream": %s,
                 "messages": [{"role": "user", "content": "Gulls?"}]}""".formatted(memory, mode, most, stream);
    }
}
