package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.http.Route;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one running service does and refuses. */
class ServedTest {

    private static final int FILE_BYTES = 20_000;

    @TempDir
    private static Path folder;

    private static Lift lift;
    private static LiftServer server;
    private static Calls calls;
    private static String memory;

    @BeforeAll
    static void start() throws Exception {
        lift = TinyLift.open(TinyLift.copyTo(folder.resolve("tiny")));
        server = LiftServer.start(lift, settings(folder.resolve("data")));
        calls = new Calls(server.port());
        memory = calls.learned();
    }

    private static ServerSettings settings(Path data) {
        return ServerSettings.of(data)
                .at("localhost", 0)
                .with(TinyLift.limits(FILE_BYTES, 2), new Desk.Size(1, 8, 1))
                .with(TinyLift.RECIPES);
    }

    @AfterAll
    static void stop() {
        server.close();
        lift.close();
    }

    @Test
    void everyRouteIsInTheOpenApiDocumentAndTheOtherWayRound() {
        List<String> documented = new ArrayList<>();
        calls.get("/openapi.json")
                .json()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(server.routes().stream().map(ServedTest::name)).containsExactlyInAnyOrderElementsOf(documented);
    }

    private static String name(Route route) {
        return route.method().name() + " " + route.path();
    }

    @Test
    void everyReferenceInTheOpenApiDocumentLeadsSomewhere() {
        JsonNode document = calls.get("/openapi.json").json();
        assertThat(document.findValuesAsText("$ref"))
                .isNotEmpty()
                .allMatch(reference -> !document.at(reference.substring(1)).isMissingNode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/chat/completions | "messages": [{"role": "user", "content": "Gulls?"}] | ChatEvent       | ChatChunk
            /v1/completions      | "prompt": "On day 7"                                | CompletionEvent | CompletionChunk
            """)
    void theEventsOfAStreamAreThoseOfTheOpenApiDocument(String path, String asked, String event, String chunk) {
        JsonNode document = calls.get("/openapi.json").json();
        JsonNode stream = document.at("/paths/" + path.replace("/", "~1") + "/post/responses/200/content")
                .get("text/event-stream");
        assertThat(stream.at("/itemSchema/$ref").asText()).isEqualTo("#/components/schemas/" + event);
        JsonNode schemas = document.at("/components/schemas");
        assertThat(schemas.at("/" + event + "/properties/data").findValuesAsText("$ref"))
                .contains("#/components/schemas/" + chunk);
        Calls.Answer answer = calls.post(path, """
                {"model": "%s", "max_tokens": 6, "stream": true, "stream_options": {"include_usage": true}, %s}""".formatted(memory, asked));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        List<String> events = answer.events();
        assertThat(events.size()).isGreaterThan(3);
        assertThat(events.getLast()).isEqualTo("[DONE]");
        for (String data : events.subList(0, events.size() - 1)) {
            JsonNode sent = Calls.parsed(data);
            assertAsDocumented(sent, schemas.get(chunk));
            sent.get("choices")
                    .forEach(choice ->
                            assertAsDocumented(choice, schemas.get(chunk).at("/properties/choices/items")));
        }
    }

    private static void assertAsDocumented(JsonNode sent, JsonNode schema) {
        assertThat(schema.get("properties").fieldNames()).toIterable().containsAll(() -> sent.fieldNames());
        schema.get("required")
                .forEach(field -> assertThat(sent.has(field.asText()))
                        .as(field + " of " + sent)
                        .isTrue());
    }

    @Test
    void thoseWhoRunItSeeHowItIs() {
        assertThat(calls.get("/health").text("/status")).isEqualTo("ok");
        assertThat(calls.get("/ready").text("/status")).isEqualTo("ready");
        calls.get("/v1/files/file-made-up");
        assertThat(calls.get("/metrics").response().body())
                .contains("lift_jobs_unfinished 0.0")
                .contains("lift_http_requests_seconds_count{method=\"GET\",route=\"/v1/files/{file}\",status=\"404\"}")
                .doesNotContain("made-up");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model": "MEMORY", "messages": []}                                        | messages
            {"model": "MEMORY"}                                                        | messages
            {"messages": [{"role": "user", "content": "?"}]}                           | model
            {"model": 3, "messages": [{"role": "user", "content": "?"}]}               | model
            {"model": "MEMORY:loud", "messages": [{"role": "user", "content": "?"}]}   | model
            {"model": "MEMORY:icl", "lift": {"mode": "lift"}, "messages": [{"role": "user", "content": "?"}]} | lift.mode
            {"model": "MEMORY", "lift": {"volume": 3}, "messages": [{"role": "user", "content": "?"}]} | lift.volume
            {"model": "tiny", "lift": {"mode": "icl"}, "messages": [{"role": "user", "content": "?"}]} | lift.mode
            {"model": "MEMORY:rag", "lift": {"evidence": "crystal"}, "messages": [{"role": "user", "content": "?"}]} | null
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "tools": [{"type": "function"}]} | tools
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "logprobs": 3} | logprobs
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "n": 2} | n
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "made_up": 2} | made_up
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "max_tokens": 0} | max_tokens
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "max_tokens": 1e99} | max_tokens
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "temperature": 3} | temperature
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "top_p": 0} | top_p
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "seed": "x"} | seed
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "stop": [""]} | stop
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "stop": ["a", "b", "c", "d", "e"]} | stop
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "stream_options": {}} | stream_options
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "response_format": {"type": "json_object"}} | response_format.type
            {"model": "MEMORY", "messages": [{"role": "tool", "content": "?"}]}        | messages[0].role
            {"model": "MEMORY", "messages": [{"role": "assistant", "content": "?"}]}   | messages[0].role
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": "?"}]} | messages
            {"model": "MEMORY", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]} | messages[0].content[0].type
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "user": {}} | user
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?"}], "metadata": "x"} | null
            {"model": "MEMORY", "messages": [{"role": "user", "content": "?", "name": 1}]} | messages[0].name
            {"model": "MEMORY", "messages": ["?"]}                                     | null
            """)
    void whatAChatCannotHaveIsRefusedByName(String body, String param) {
        Calls.Answer refused = calls.post("/v1/chat/completions", body.replace("MEMORY", memory));
        assertThat(refused.status()).as(refused.response().body()).isEqualTo(400);
        assertThat(refused.text("/error/type")).isEqualTo("invalid_request_error");
        assertThat(refused.text("/error/param")).isEqualTo(param);
        assertThat(refused.text("/error/message")).endsWith(".").doesNotContain(folder.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{} {}", "{\"model\": \"tiny\", \"model\": \"tiny\"}", "\u0000"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        for (String path : List.of("/v1/chat/completions", "/v1/completions", "/v1/fine_tuning/jobs")) {
            Calls.Answer refused = calls.post(path, body);
            assertThat(refused.status()).as(refused.response().body()).isEqualTo(400);
            assertThat(refused.text("/error/code")).isNotEmpty();
        }
    }

    @Test
    void aDeepOrLargeBodyIsRefused() {
        String deep = "[".repeat(100_000);
        assertThat(calls.post("/v1/completions", deep).status()).isEqualTo(400);
        String large = "{\"model\": \"" + "x".repeat(5 << 20) + "\"}";
        Calls.Answer refused = calls.post("/v1/completions", large);
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.text("/error/code")).isEqualTo("request_too_large");
    }

    @Test
    void aQuestionLongerThanTheWindowIsRefusedWholeAndStreamed() {
        String words = "gulls ".repeat(3_000);
        for (boolean stream : new boolean[] {false, true}) {
            Calls.Answer refused = calls.post("/v1/chat/completions", """
                    {"model": "%s", "stream": %s, "messages": [{"role": "user", "content": "%s"}]}""".formatted(memory, stream, words));
            assertThat(refused.status()).as(refused.response().body()).isEqualTo(400);
            assertThat(refused.text("/error/message")).contains("window");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/files/file-1,404,file_not_found",
        "DELETE,/v1/files/file-1,404,file_not_found",
        "GET,/v1/files/file-1/content,404,file_not_found",
        "GET,/v1/files/..%2f..%2flift.db/content,404,file_not_found",
        "GET,/v1/models/none,404,model_not_found",
        "GET,/v1/fine_tuning/jobs/none,404,job_not_found",
        "GET,/v1/fine_tuning/jobs/none/events,404,job_not_found",
        "GET,/v1/fine_tuning/jobs?limit=0,400,invalid_value",
        "GET,/v1/fine_tuning/jobs?limit=x,400,invalid_value",
        "GET,/v1/files?purpose=x,400,invalid_value",
        "GET,/v1/nothing,404,unknown_url",
        "DELETE,/v1/models,405,unknown_method"
    })
    void whatIsNotThereIsSaidInOpenAisShape(String method, String path, int status, String code) {
        Calls.Answer refused = calls.send(calls.request(path).method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(refused.status()).as(refused.response().body()).isEqualTo(status);
        assertThat(refused.text("/error/message")).isNotEmpty();
        if (code != null) {
            assertThat(refused.text("/error/code")).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/v1/files,'GET, POST'",
        "TRACE,/v1/files/file-1,'DELETE, GET'",
        "TRACE,/health,GET",
        "GET,/v1/chat/completions,POST"
    })
    void aPathSaysWhichMethodsItKnows(String method, String path, String known) {
        Calls.Answer refused = calls.send(calls.request(path).method(method, HttpRequest.BodyPublishers.noBody()));
        assertThat(refused.status()).isEqualTo(405);
        String allowed = refused.response().headers().firstValue("Allow").orElseThrow();
        assertThat(allowed.split(", ")).contains(known.split(", "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model": "other", "training_file": "FILE"}                                  | 404 | model
            {"model": "tiny", "training_file": "file-none"}                              | 400 | training_file
            {"model": "tiny"}                                                            | 400 | training_file
            {"model": "tiny", "training_file": "FILE", "method": {"type": "supervised"}} | 400 | method.type
            {"model": "tiny", "training_file": "FILE", "method": {"type": "lift", "lift": {"recipe": "../x"}}} | 400 | method.lift.recipe
            {"model": "tiny", "training_file": "FILE", "suffix": "a/b"}                  | 400 | suffix
            {"model": "tiny", "training_file": "FILE", "seed": -1}                       | 400 | seed
            {"model": "tiny", "training_file": "FILE", "hyperparameters": {"n_epochs": 3}} | 400 | hyperparameters
            {"model": "tiny", "training_file": "FILE", "validation_file": "FILE"}        | 400 | validation_file
            {"model": "tiny", "training_file": "FILE", "metadata": {"a": 1}}             | 400 | metadata
            """)
    void aJobThatCannotBeIsRefusedByName(String body, int status, String param) {
        String file = calls.upload("a.txt", "Some text.").text("/id");
        Calls.Answer refused = calls.post("/v1/fine_tuning/jobs", body.replace("FILE", file));
        assertThat(refused.status()).as(refused.response().body()).isEqualTo(status);
        assertThat(refused.text("/error/param")).isEqualTo(param);
        assertThat(calls.delete("/v1/files/" + file).json().get("deleted").asBoolean())
                .isTrue();
    }

    @Test
    void aJobWhoseDocumentIsNoneFailsWithAReason() throws InterruptedException {
        String file = calls.upload("a.txt", "text\u0000with\u0000zeros").text("/id");
        JsonNode job = calls.awaitStatus(calls.create(file, "short").text("/id"), "failed");
        assertThat(job.at("/error/code").asText()).isEqualTo("invalid_training_file");
        assertThat(job.at("/error/message").asText()).contains("binary");
    }

    @Test
    void aFileComesBackAsItWasUnderATameName() {
        Calls.Answer file = calls.upload("../../etc/pass wd?.txt", "Ada's boat.");
        assertThat(file.text("/filename")).isEqualTo("pass wd_.txt");
        Calls.Answer content = calls.get("/v1/files/" + file.text("/id") + "/content");
        assertThat(content.response().body()).isEqualTo("Ada's boat.");
        assertThat(content.response().headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    }

    /** The web server clears up behind the answer. */
    private static void assertNothingIsLeft() throws IOException, InterruptedException {
        List<Path> left = left();
        for (int i = 0; i < 200 && !left.isEmpty(); i++) {
            Thread.sleep(20);
            left = left();
        }
        assertThat(left).isEmpty();
    }

    private static List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data/tmp"))) {
            return files.toList();
        }
    }

    @Test
    void aFileThatIsTooLargeIsRefusedHoweverItIsSent() throws Exception {
        assertThat(calls.upload("a.txt", "x".repeat(FILE_BYTES)).status()).isEqualTo(200);
        assertThat(calls.upload("a.txt", "x".repeat(FILE_BYTES + 1)).status()).isEqualTo(413);
        assertThat(calls.upload("a.txt", "x".repeat(4 << 20)).status()).isEqualTo(413);
        String form =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"z\"\r\n\r\n" + "0".repeat(64 << 10);
        Calls.Answer chunked = calls.send(calls.request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofByteArrays(List.of(form.getBytes(StandardCharsets.UTF_8)))));
        assertThat(chunked.status()).isEqualTo(413);
        assertThat(chunked.text("/error/code")).isEqualTo("request_too_large");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource({"Origin,http://evil.example", "Origin,null", "Origin,:"})
    void pagesOfOtherSitesMayNotCall(String header, String value) {
        Calls.Answer refused =
                calls.send(calls.request("/v1/models").header(header, value).GET());
        assertThat(refused.status()).isEqualTo(403);
    }

    @Test
    void onlyThisMachineCanBeListenedOn() {
        for (String host : List.of("0.0.0.0", "192.0.2.1", "::")) {
            ServerSettings open = ServerSettings.of(folder.resolve("none")).at(host, 0);
            assertThatThrownBy(() -> LiftServer.start(lift, open))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("no keys")
                    .hasMessageContaining(host);
        }
    }

    @Test
    void aDataFolderHasOneServiceAtATime() {
        assertThatThrownBy(() -> LiftServer.start(lift, settings(folder.resolve("data"))))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("another lift serve");
    }

    @Test
    void whatStopsAnAnswerIsNotInIt() throws IOException {
        String whole = answer("").json().at("/choices/0/message/content").asText();
        assertThat(whole.length()).isGreaterThan(3);
        String stop = whole.substring(2, 4);
        Calls.Answer cut = answer(", \"stop\": " + new ObjectMapper().writeValueAsString(stop));
        assertThat(cut.text("/choices/0/message/content")).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(cut.text("/choices/0/finish_reason")).isEqualTo("stop");
        assertThat(answer("").text("/choices/0/finish_reason")).isIn("stop", "length");
    }

    private static Calls.Answer answer(String more) {
        return calls.post("/v1/chat/completions", """
                {"model": "%s:lift", "max_tokens": 20, "messages": [{"role": "user", "content": "Gulls?"}]%s}""".formatted(memory, more));
    }

    @Test
    void manyAskAtOnceAndWhoFindsNoRoomIsToldWhenToComeAgain() throws InterruptedException {
        List<Calls.Answer> answers = Collections.synchronizedList(new ArrayList<>());
        List<Thread> askers = Stream.generate(() -> Thread.ofVirtual().start(() -> answers.add(answer(""))))
                .limit(40)
                .toList();
        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(answers).hasSize(40).anyMatch(answer -> answer.status() == 200);
        assertThat(answers).allMatch(answer -> answer.status() == 200 || answer.status() == 429);
        assertThat(answers.stream().filter(answer -> answer.status() == 429))
                .allMatch(answer ->
                        answer.response().headers().firstValue("Retry-After").isPresent());
        assertThat(answers.stream()
                        .filter(answer -> answer.status() == 200)
                        .map(answer -> answer.text("/choices/0/message/content"))
                        .distinct())
                .hasSize(1);
        assertThat(calls.get("/metrics").response().body())
                .as("one by its weights alone, and one with its document where another test asked that")
                .containsPattern("lift_voices_idle [12]\\.0");
    }
}
