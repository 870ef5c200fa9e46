package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.server.answer.Desk;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller is told of how likely the tokens of an answer were. */
class LogprobsTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String TEXT = "/v1/completions";

    @TempDir
    private static Path folder;

    private static TinyService service;
    private static Calls calls;

    @BeforeAll
    static void start() throws Exception {
        service = TinyService.start(folder, TinyLift.limits(20_000, 2), new Desk.Size(8, 32, 2), TinyLift.RECIPES);
        calls = service.calls();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20})
    void aChatTellsTheOddsOfEachToken(int top) {
        JsonNode answer = chat("Gulls?", "\"logprobs\": true, \"top_logprobs\": " + top);
        List<JsonNode> content =
                answer.at("/choices/0/logprobs/content").valueStream().toList();
        assertThat(content)
                .hasSize(answer.at("/usage/completion_tokens").intValue())
                .hasSizeGreaterThan(5);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (JsonNode token : content) {
            assertThat(token.get("logprob").floatValue()).isLessThanOrEqualTo(0);
            assertThat(token.get("top_logprobs")).hasSize(top);
            if (top > 0) {
                assertThat(token.at("/top_logprobs/0/token")).isEqualTo(token.get("token"));
                assertThat(token.at("/top_logprobs/0/logprob")).isEqualTo(token.get("logprob"));
            }
            double together = token.get("top_logprobs")
                    .valueStream()
                    .mapToDouble(likely -> Math.exp(likely.get("logprob").doubleValue()))
                    .sum();
            assertThat(together).isLessThan(1.00001);
            byte[] own = bytes(token);
            assertThat(new String(own, StandardCharsets.UTF_8))
                    .isEqualTo(token.get("token").asText());
            bytes.writeBytes(own);
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(answer.at("/choices/0/message/content").asText());
    }

    private static byte[] bytes(JsonNode token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        token.get("bytes").forEach(value -> bytes.write(value.intValue()));
        return bytes.toByteArray();
    }

    @Test
    void aStreamedChatTellsTheSame() {
        JsonNode whole = chat("Gulls?", "\"logprobs\": true, \"top_logprobs\": 3");
        List<JsonNode> streamed = new ArrayList<>();
        for (JsonNode event :
                stream(CHAT, chatBody("Gulls?", "\"stream\": true, \"logprobs\": true, \"top_logprobs\": 3"))) {
            JsonNode told = event.at("/choices/0/logprobs");
            assertThat(told.isNull())
                    .isEqualTo(!event.at("/choices/0/delta").has("content")
                            || event.at("/choices/0/delta").has("role"));
            told.path("content").forEach(streamed::add);
        }
        assertThat(streamed)
                .isEqualTo(whole.at("/choices/0/logprobs/content").valueStream().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void aTextTellsTheOddsOfEachToken(int top) {
        JsonNode answer = calls.post(TEXT, textBody("\"logprobs\": " + top)).json();
        String text = answer.at("/choices/0/text").asText();
        JsonNode told = answer.at("/choices/0/logprobs");
        int tokens = answer.at("/usage/completion_tokens").intValue();
        assertThat(tokens).isGreaterThan(5);
        for (String list : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
            assertThat(told.get(list)).as(list).hasSize(tokens);
        }
        for (int i = 0; i < tokens; i++) {
            String token = told.at("/tokens/" + i).asText();
            JsonNode likely = told.at("/top_logprobs/" + i);
            assertThat(likely).hasSize(Math.max(1, top));
            assertThat(likely.get(token)).isEqualTo(told.at("/token_logprobs/" + i));
            if (!token.startsWith("bytes:")) {
                int offset = told.at("/text_offset/" + i).intValue();
                assertThat(text.substring(text.offsetByCodePoints(0, offset))).startsWith(token);
            }
        }
    }

    @Test
    void aStreamedTextTellsTheSame() {
        JsonNode whole = calls.post(TEXT, textBody("\"logprobs\": 2")).json().at("/choices/0/logprobs");
        List<JsonNode> events = stream(TEXT, textBody("\"logprobs\": 2, \"stream\": true"));
        for (String list : List.of("tokens", "token_logprobs", "top_logprobs", "text_offset")) {
            assertThat(events.stream()
                            .flatMap(event ->
                                    event.at("/choices/0/logprobs/" + list).valueStream()))
                    .as(list)
                    .isEqualTo(whole.get(list).valueStream().toList());
        }
    }

    @Test
    void eachOfThoseAnsweredSideBySideIsToldWhatItAskedFor() throws Exception {
        List<String> bodies = IntStream.range(0, 12)
                .mapToObj(i -> chatBody(
                        "Day " + i + "?",
                        i % 3 == 0
                                ? "\"temperature\": 1"
                                : "\"temperature\": %d, \"logprobs\": true, \"top_logprobs\": %d".formatted(i % 2, i)))
                .toList();
        List<JsonNode> together = together(bodies);
        for (int i = 0; i < bodies.size(); i++) {
            JsonNode told = together.get(i).at("/choices/0/logprobs");
            JsonNode alone = calls.post(CHAT, bodies.get(i)).json().at("/choices/0/logprobs");
            assertThat(told.isNull()).isEqualTo(i % 3 == 0);
            assertThat(told.path("content")).hasSameSizeAs(alone.path("content"));
            for (int at = 0; at < told.path("content").size(); at++) {
                JsonNode own = told.at("/content/" + at);
                assertThat(own.get("bytes")).isEqualTo(alone.at("/content/" + at + "/bytes"));
                assertThat(own.get("logprob").doubleValue())
                        .isCloseTo(alone.at("/content/" + at + "/logprob").doubleValue(), within(1e-3));
                assertThat(own.get("top_logprobs")).hasSize(i);
            }
        }
    }

    private static List<JsonNode> together(List<String> bodies) throws Exception {
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<JsonNode> answers = new ArrayList<>();
            for (Future<JsonNode> answer : askers.invokeAll(bodies.stream()
                    .map(body ->
                            (Callable<JsonNode>) () -> calls.post(CHAT, body).json())
                    .toList())) {
                answers.add(answer.get());
            }
            return answers;
        }
    }

    @Test
    void whatAStopTextCutOffIsTold() {
        String whole =
                chat("Gulls?", "\"n\": 1").at("/choices/0/message/content").asText();
        String stop = whole.substring(3, 5);
        for (boolean streamed : new boolean[] {false, true}) {
            String body = chatBody("Gulls?", """
                    "logprobs": true, "stream": %s, "stop": %s%s""".formatted(
                    streamed, Calls.quoted(stop), streamed ? ", \"stream_options\": {\"include_usage\": true}" : ""));
            List<JsonNode> parts = streamed
                    ? stream(CHAT, body)
                    : List.of(calls.post(CHAT, body).json());
            long told = parts.stream()
                    .mapToInt(part -> part.at("/choices/0/logprobs/content").size())
                    .sum();
            assertThat(told)
                    .isEqualTo(parts.getLast().at("/usage/completion_tokens").intValue())
                    .isPositive();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions,1,logprobs",
        "/v1/chat/completions,'true, \"top_logprobs\": 21',top_logprobs",
        "/v1/chat/completions,'true, \"top_logprobs\": -1',top_logprobs",
        "/v1/chat/completions,'false, \"top_logprobs\": 2',top_logprobs",
        "/v1/completions,true,logprobs",
        "/v1/completions,6,logprobs",
        "/v1/completions,-1,logprobs"
    })
    void whatCannotBeToldIsRefusedByName(String path, String wanted, String param) {
        String more = "\"logprobs\": " + wanted;
        Calls.Answer refused = calls.post(path, path.equals(TEXT) ? textBody(more) : chatBody("?", more));
        assertThat(refused.status()).as(refused.response().body()).isEqualTo(400);
        assertThat(refused.text("/error/param")).isEqualTo(param);
    }

    @Test
    void whoDoesNotAskIsToldNothing() {
        assertThat(chat("Gulls?", "\"logprobs\": false")
                        .at("/choices/0/logprobs")
                        .isNull())
                .isTrue();
        assertThat(calls.post(TEXT, textBody("\"n\": 1"))
                        .json()
                        .at("/choices/0/logprobs")
                        .isNull())
                .isTrue();
    }

    private static JsonNode chat(String question, String more) {
        Calls.Answer answer = calls.post(CHAT, chatBody(question, more));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        return answer.json();
    }

    private static String chatBody(String question, String more) {
        return """
                {"model": "tiny", "max_tokens": 40, "seed": 5,
                 "messages": [{"role": "user", "content": "%s"}], %s}""".formatted(question, more);
    }

    private static String textBody(String more) {
        return """
                {"model": "tiny", "max_tokens": 40, "prompt": "On day 7 the crew", %s}""".formatted(more);
    }

    private static List<JsonNode> stream(String path, String body) {
        Calls.Answer stream = calls.post(path, body);
        assertThat(stream.status()).as(stream.response().body()).isEqualTo(200);
        return stream.events().stream()
                .filter(event -> !event.equals("[DONE]"))
                .map(Calls::parsed)
                .toList();
    }
}
