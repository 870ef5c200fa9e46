package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.TextEmbedder;
import io.github.lift4j.evidence.TextEmbedderSource;
import io.github.lift4j.server.answer.Desk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts that are embedded, and what cannot be. */
class EmbeddingsTest {

    private static final String PATH = "/v1/embeddings";

    @TempDir
    private static Path folder;

    private static Lift lift;
    private static LetterCounts letters;
    private static LiftServer server;
    private static Calls calls;

    @BeforeAll
    static void start() throws Exception {
        lift = TinyLift.open(TinyLift.copyTo(folder.resolve("tiny")));
        letters = new LetterCounts();
        server = LiftServer.start(lift, settings("data", Optional.of(letters)));
        calls = new Calls(server.port());
    }

    private static ServerSettings settings(String data, Optional<TextEmbedderSource> embedder) {
        return ServerSettings.of(folder.resolve(data))
                .at("127.0.0.1", 0)
                .with(TinyLift.limits(20_000, 2), new Desk.Size(2, 8, 2))
                .with(embedder);
    }

    @AfterAll
    static void stop() {
        server.close();
        assertThat(letters.closed()).isTrue();
        lift.close();
    }

    @Test
    void aTextBecomesAVector() {
        Calls.Answer answer = calls.post(PATH, "{\"model\": \"letters\", \"input\": \"abcab\"}");
        assertThat(answer.json()).isEqualTo(Calls.parsed("""
                {"object": "list", "model": "letters", "usage": {"prompt_tokens": 5, "total_tokens": 5},
                 "data": [{"object": "embedding", "index": 0, "embedding": [2.0, 2.0, 1.0]}]}"""));
    }

    @Test
    void textsBecomeVectorsInTheirOrderAsNumbersAndAsBytes() {
        List<String> texts =
                IntStream.range(1, 30).mapToObj(i -> "a".repeat(i) + "b").toList();
        String body = "{\"model\": \"letters\", \"dimensions\": 3, \"encoding_format\": \"%s\", \"input\": [\""
                + String.join("\", \"", texts) + "\"]}";
        JsonNode floats = calls.post(PATH, body.formatted("float")).json();
        JsonNode bytes = calls.post(PATH, body.formatted("base64")).json();
        assertThat(floats.get("data")).hasSize(texts.size());
        assertThat(floats.get("usage")).isEqualTo(bytes.get("usage"));
        for (int i = 0; i < texts.size(); i++) {
            FloatBuffer encoded = ByteBuffer.wrap(Base64.getDecoder()
                            .decode(bytes.at("/data/" + i + "/embedding").asText()))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            assertThat(encoded.remaining()).isEqualTo(3);
            for (int at = 0; at < 3; at++) {
                assertThat(floats.at("/data/" + i + "/embedding/" + at).floatValue())
                        .isEqualTo(encoded.get(at))
                        .isEqualTo(at == 0 ? i + 1f : at == 1 ? 1f : 0f);
            }
        }
    }

    @Test
    void theModelIsListedButNeitherAskedNorDeleted() {
        assertThat(calls.get("/v1/models").json().findValuesAsText("id")).containsExactly("tiny", "letters");
        assertThat(calls.get("/v1/models/letters").text("/owned_by")).isEqualTo("lift4j");
        assertThat(calls.delete("/v1/models/letters").status()).isEqualTo(403);
        Calls.Answer asked = calls.post("/v1/completions", "{\"model\": \"letters\", \"prompt\": \"a\"}");
        assertThat(asked.status()).isEqualTo(404);
        assertThat(asked.text("/error/message")).contains("can be asked");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"model": "letters"}                                                | 400 | input
            {"model": "letters", "input": []}                                   | 400 | input
            {"model": "letters", "input": ""}                                   | 400 | input
            {"model": "letters", "input": ["a", ""]}                            | 400 | input
            {"model": "letters", "input": [1, 2]}                               | 400 | input
            {"model": "letters", "input": [[1, 2]]}                             | 400 | input
            {"input": "a"}                                                      | 400 | model
            {"model": "tiny", "input": "a"}                                     | 404 | model
            {"model": "letters", "input": "a", "dimensions": 2}                 | 400 | dimensions
            {"model": "letters", "input": "a", "encoding_format": "int8"}       | 400 | encoding_format
            {"model": "letters", "input": "a", "user": {}}                      | 400 | user
            {"model": "letters", "input": "a", "truncate": true}                | 400 | truncate
            """)
    void whatCannotBeIsRefusedByName(String body, int status, String param) {
        Calls.Answer refused = calls.post(PATH, body);
        assertThat(refused.status()).as(refused.response().body()).isEqualTo(status);
        assertThat(refused.text("/error/param")).isEqualTo(param);
        assertThat(refused.text("/error/message")).endsWith(".");
    }

    @Test
    void ofManyTextsTheOneThatIsRefusedIsNamed() {
        assertThat(calls.post(PATH, "{\"model\": \"letters\", \"input\": [\"a\", \"b\", \" \"]}")
                        .text("/error/message"))
                .isEqualTo("Of the texts, the one at 2: The text has no letters: give it some.");
        List<String> tooMany = Collections.nCopies(2_049, "\"a\"");
        assertThat(calls.post(PATH, "{\"model\": \"letters\", \"input\": " + tooMany + "}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void withoutAModelThatIsSaid() {
        TextEmbedderSource broken = new TextEmbedderSource() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public int dimensions() {
                return 2;
            }

            @Override
            public TextEmbedder open() {
                throw new LiftException("It cannot be loaded on this machine.");
            }
        };
        try (LiftServer without = LiftServer.start(lift, settings("without", Optional.empty()));
                LiftServer unable = LiftServer.start(lift, settings("unable", Optional.of(broken)))) {
            Calls.Answer none = new Calls(without.port()).post(PATH, "{\"model\": \"letters\", \"input\": \"a\"}");
            assertThat(none.status()).isEqualTo(404);
            assertThat(none.text("/error/code")).isEqualTo("model_not_found");
            assertThat(none.text("/error/message")).contains("lift4j-retrieval");
            assertThat(new Calls(without.port()).get("/v1/models").json().get("data"))
                    .hasSize(1);
            for (int i = 0; i < 2; i++) {
                Calls.Answer failed = new Calls(unable.port()).post(PATH, "{\"model\": \"broken\", \"input\": \"a\"}");
                assertThat(failed.status()).isEqualTo(404);
                assertThat(failed.text("/error/message")).isEqualTo("It cannot be loaded on this machine.");
            }
        }
    }
}
