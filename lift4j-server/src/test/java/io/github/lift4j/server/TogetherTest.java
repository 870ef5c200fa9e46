package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.server.answer.Desk;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many ask one memory at once, and each hears what it would hear alone. */
class TogetherTest {

    @TempDir
    private static Path folder;

    private static TinyService service;
    private static Calls calls;
    private static String memory;

    @BeforeAll
    static void start() throws Exception {
        service = TinyService.start(folder, TinyLift.limits(20_000, 2), new Desk.Size(6, 20, 2), TinyLift.RECIPES);
        calls = service.calls();
        memory = calls.learned();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lift", "lift+icl", "icl"})
    void everybodyHearsWhatTheyWouldHearAlone(String mode) throws Exception {
        List<String> bodies = IntStream.range(0, 16)
                .mapToObj(i -> body(mode, "How many gulls on day " + "x".repeat(i) + i + "?", 4 + i * 7 % 30, i))
                .toList();
        calls.assertAsAlone(bodies);
    }

    @Test
    void oneThatIsRefusedAndOneThatGoesAwayHarmNobody() throws Exception {
        String fine = body("lift", "Gulls?", 40, 1);
        String alone = calls.post("/v1/chat/completions", fine).text("/choices/0/message/content");
        String tooLong = body("lift", "gulls ".repeat(3_000), 8, 1);
        HttpRequest leaving = calls.request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        body("lift", "Harbour?", 200, 2).replaceFirst("\\{", "{\"stream\": true, ")))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> stream = client.send(leaving, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(stream.statusCode()).isEqualTo(200);
            List<Calls.Answer> answers = calls.together(List.of(fine, tooLong, fine));
            stream.body().close();
            assertThat(answers).extracting(Calls.Answer::status).containsExactly(200, 400, 200);
            assertThat(answers.get(0).text("/choices/0/message/content")).isEqualTo(alone);
            assertThat(answers.get(2).text("/choices/0/message/content")).isEqualTo(alone);
        }
        awaitNobodyAsked();
        assertThat(calls.post("/v1/chat/completions", fine).text("/choices/0/message/content"))
                .isEqualTo(alone);
    }

    @Test
    void severalVoicesAreAllAnswered() throws Exception {
        List<String> bodies = IntStream.range(0, 18)
                .mapToObj(i -> body(List.of("lift", "icl", "base").get(i % 3), "Day " + i + "?", 12, i))
                .toList();
        assertThat(calls.together(bodies)).allMatch(answer -> answer.status() == 200);
        awaitNobodyAsked();
    }

    private static void awaitNobodyAsked() throws InterruptedException {
        String metrics = calls.get("/metrics").response().body();
        for (int i = 0; i < 500 && !metrics.contains("lift_answers_asked 0.0"); i++) {
            Thread.sleep(20);
            metrics = calls.get("/metrics").response().body();
        }
        assertThat(metrics).contains("lift_answers_asked 0.0");
    }

    /** Every second one draws. */
    private static String body(String mode, String question, int most, int seed) {
        return """
                {"model": "%s:%s", "max_tokens": %d, "temperature": %d, "seed": %d,
                 "messages": [{"role": "user", "content": "%s"}]}""".formatted(memory, mode, most, seed % 2, seed, question);
    }
}
