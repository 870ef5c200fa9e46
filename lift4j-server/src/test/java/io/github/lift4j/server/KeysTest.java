package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.Lift;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.store.Key;
import io.github.lift4j.server.store.KeyRing;
import io.github.lift4j.server.store.Scope;
import io.github.lift4j.server.store.Tenant;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what with which key, and that nobody sees another tenant's. */
class KeysTest {

    @TempDir
    private static Path folder;

    private static Path data;
    private static Lift lift;
    private static LiftServer server;
    private static Calls nobody;
    private static Calls ada;
    private static Calls grace;
    private static String adasFile;
    private static String adasJob;
    private static String adasMemory;

    @BeforeAll
    static void start() throws Exception {
        data = folder.resolve("data");
        lift = TinyLift.open(TinyLift.copyTo(folder.resolve("tiny")));
        String adas = key(data, "ada", "left", Scope.READ, Scope.WRITE);
        server = LiftServer.start(lift, settings(data).at("0.0.0.0", 0));
        nobody = new Calls(server.port());
        ada = nobody.with(adas);
        // While it runs.
        grace = nobody.with(key(data, "grace", "right", Scope.READ, Scope.WRITE));
        adasJob = ada.job("short");
        JsonNode job = ada.awaitStatus(adasJob, "succeeded");
        adasFile = job.get("training_file").asText();
        adasMemory = job.get("fine_tuned_model").asText();
    }

    @AfterAll
    static void stop() {
        server.close();
        lift.close();
    }

    private static ServerSettings settings(Path data) {
        return ServerSettings.of(data)
                .at("127.0.0.1", 0)
                .with(TinyLift.limits(20_000, 1), new Desk.Size(1, 8, 4))
                .with(TinyLift.RECIPES);
    }

    private static String key(Path data, String name, String tenant, Scope... scopes) {
        return KeyRing.in(data, keys -> keys.add(name, new Tenant(tenant), Set.of(scopes)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models",
                "/v1/files",
                "/v1/files/file-1",
                "/v1/files/file-1/content",
                "/v1/fine_tuning/jobs",
                "/v1/fine_tuning/jobs/none/events",
                "/v1/chat/completions",
                "/v1/nothing",
                "/metrics"
            })
    void withoutARightKeyNothingIsTold(String path) {
        for (Calls calls : List.of(nobody, nobody.with("lift-wrong"), nobody.with("x".repeat(4_000)))) {
            Calls.Answer refused = calls.get(path);
            assertThat(refused.status()).as(path).isEqualTo(401);
            assertThat(refused.text("/error/type")).isEqualTo("invalid_request_error");
            assertThat(refused.text("/error/code")).isEqualTo("invalid_api_key");
            assertThat(refused.response().body()).doesNotContain("wrong\"", "xxx");
            assertThat(refused.response().headers().firstValue("WWW-Authenticate"))
                    .hasValue("Bearer");
        }
    }

    @Test
    void whatIsSentWithoutAKeyIsNotKept() throws IOException {
        assertThat(nobody.upload("a.txt", TinyLift.TEXT).status()).isEqualTo(401);
        assertThat(nobody.post("/v1/completions", "{\"model\": \"tiny\", \"prompt\": \"a\"}")
                        .status())
                .isEqualTo(401);
        try (Stream<Path> files = Files.list(data.resolve("tmp"))) {
            assertThat(files).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/ready", "/openapi.json"})
    void someThingsAreForEverybody(String path) {
        assertThat(nobody.get(path).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"Basic,401", "bearer,200", "Bearer,200", "BEARER ,200", "'',401"})
    void theSchemeIsBearer(String scheme, int status) {
        HttpRequest.Builder request = nobody.request("/v1/models")
                .header("Authorization", scheme + " " + ada.key().orElseThrow());
        assertThat(nobody.send(request).status()).isEqualTo(status);
    }

    @Test
    void aKeyOpensItsScopesOnly() {
        Calls reader = nobody.with(key(data, "reader", "left", Scope.READ));
        Calls writer = nobody.with(key(data, "writer", "left", Scope.WRITE));
        Calls watcher = nobody.with(key(data, "watcher", "left", Scope.METRICS));

        assertThat(reader.get("/v1/models").status()).isEqualTo(200);
        assertThat(ask(reader, adasMemory).status()).isEqualTo(200);
        Calls.Answer refused = reader.upload("a.txt", "Some text.");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/error/code")).isEqualTo("missing_scope");
        assertThat(refused.text("/error/message")).contains("write");
        assertThat(reader.delete("/v1/files/" + adasFile).status()).isEqualTo(403);
        assertThat(reader.delete("/v1/models/" + adasMemory).status()).isEqualTo(403);
        assertThat(reader.job(adasJob, "cancel").status()).isEqualTo(403);
        assertThat(writer.get("/v1/files").status()).isEqualTo(403);
        assertThat(writer.delete("/v1/files/none").status()).isEqualTo(404);
        assertThat(watcher.get("/metrics").status()).isEqualTo(200);
        assertThat(watcher.get("/v1/models").status()).isEqualTo(403);
        assertThat(ada.get("/metrics").status()).isEqualTo(403);
    }

    private static Calls.Answer ask(Calls calls, String model) {
        return calls.post("/v1/chat/completions", """
                {"model": "%s", "max_tokens": 3, "messages": [{"role": "user", "content": "Gulls?"}]}""".formatted(model));
    }

    @Test
    void whatBelongsToAnotherIsAsIfItWereNot() {
        for (UnaryOperator<String> path : List.<UnaryOperator<String>>of(
                id -> "/v1/files/" + id,
                id -> "/v1/files/" + id + "/content",
                id -> "/v1/models/" + id,
                id -> "/v1/lift/memories/" + id,
                id -> "/v1/fine_tuning/jobs/" + id,
                id -> "/v1/fine_tuning/jobs/" + id + "/events",
                id -> "/v1/fine_tuning/jobs/" + id + "/checkpoints")) {
            for (String id : List.of(adasFile, adasJob, adasMemory)) {
                assertSame(id, grace.get(path.apply(id)), grace.get(path.apply("none")));
            }
        }
        for (String what : List.of("pause", "resume", "cancel")) {
            assertSame(adasJob, grace.job(adasJob, what), grace.job("none", what));
        }
        assertSame(adasFile, grace.delete("/v1/files/" + adasFile), grace.delete("/v1/files/none"));
        assertSame(adasMemory, grace.delete("/v1/models/" + adasMemory), grace.delete("/v1/models/none"));
        assertSame(adasFile, grace.create(adasFile, "short"), grace.create("none", "short"));
        assertSame(adasMemory, ask(grace, adasMemory), ask(grace, "none"));
        assertSame(adasMemory, ask(grace, adasMemory + ":lift"), ask(grace, "none:lift"));
        assertThat(ada.get("/v1/files/" + adasFile).status()).isEqualTo(200);
        assertThat(ada.get("/v1/models/" + adasMemory).status()).isEqualTo(200);
    }

    /** But for the id that was asked for. */
    private static void assertSame(String id, Calls.Answer others, Calls.Answer nones) {
        assertThat(others.status()).isEqualTo(nones.status()).isBetween(400, 404);
        assertThat(others.response().body().replace(id, "none"))
                .isEqualTo(nones.response().body());
    }

    @Test
    void listsShowOnesOwnWhateverTheyAreToBeginBehind() throws InterruptedException {
        Calls linus = nobody.with(key(data, "linus", "third", Scope.READ, Scope.WRITE));
        String file =
                linus.upload("a.txt", "On day 1 the crew counted 3 gulls.").text("/id");
        String job = linus.create(file, "short").text("/id");
        linus.awaitStatus(job, "succeeded");
        // Newer than linus' own, so that it would hide nothing or everything.
        String newer = ada.upload("b.txt", "Some text.").text("/id");
        for (String after : List.of(adasFile, newer, "none")) {
            assertThat(ids(linus.get("/v1/files?after=" + after))).containsExactly(file);
        }
        for (String after : List.of(adasJob, "none")) {
            assertThat(ids(linus.get("/v1/fine_tuning/jobs?after=" + after))).containsExactly(job);
        }
        assertThat(ids(linus.get("/v1/models"))).hasSize(2).doesNotContain(adasMemory);
        assertThat(ids(linus.get("/v1/fine_tuning/jobs/" + job + "/events")))
                .last()
                .asString()
                .as("events are counted from 1 for each job")
                .endsWith("-1");
        assertThat(ada.delete("/v1/files/" + newer).status()).isEqualTo(200);
    }

    @Test
    void eventsAreGoneThroughPageByPage() {
        String path = "/v1/fine_tuning/jobs/" + adasJob + "/events";
        List<String> all = ids(ada.get(path + "?limit=100"));
        assertThat(all.size()).isGreaterThan(2);
        assertThat(ids(ada.get(path + "?limit=1&after=" + all.getFirst()))).containsExactly(all.get(1));
        assertThat(ids(ada.get(path + "?after=" + all.getLast()))).isEmpty();
    }

    private static List<String> ids(Calls.Answer list) {
        return list.json().get("data").findValuesAsText("id");
    }

    @Test
    void whatIsLoadedForOneIsNotUsedForAnother() {
        Calls watcher = nobody.with(key(data, "counter", "left", Scope.METRICS));
        Calls left = nobody.with(key(data, "left", "left-one", Scope.READ));
        Calls right = nobody.with(key(data, "right", "right-one", Scope.READ));
        double before = idle(watcher);
        assertThat(ask(left, "tiny").status()).isEqualTo(200);
        assertThat(ask(left, "tiny").status()).isEqualTo(200);
        assertThat(idle(watcher)).isEqualTo(before + 1);
        assertThat(ask(right, "tiny").status()).isEqualTo(200);
        assertThat(idle(watcher)).isEqualTo(before + 2);
    }

    private static double idle(Calls watcher) {
        String metrics = watcher.get("/metrics").response().body();
        return Double.parseDouble(metrics.replaceAll("(?s).*\nlift_voices_idle (\\S+).*", "$1"));
    }

    @Test
    void oneTenantsFullQueueIsNotAnothers() throws InterruptedException {
        Calls busy = nobody.with(key(data, "busy", "busy", Scope.READ, Scope.WRITE));
        Calls other = nobody.with(key(data, "other", "other", Scope.READ, Scope.WRITE));
        String running = busy.job("long");
        String file = busy.get("/v1/fine_tuning/jobs/" + running).text("/training_file");
        assertThat(busy.create(file, "short").status()).isEqualTo(429);
        String waiting = other.job("short");
        busy.job(running, "cancel");
        other.awaitStatus(waiting, "succeeded");
    }

    @Test
    void aRemovedKeyOpensNothingFromThenOn() {
        Calls leaving = nobody.with(key(data, "leaving", "left", Scope.READ));
        assertThat(leaving.get("/v1/models").status()).isEqualTo(200);
        assertThat(KeyRing.in(data, KeyRing::list).stream()
                        .filter(key -> key.name().equals("leaving"))
                        .map(Key::usedAt))
                .singleElement()
                .matches(used -> used.isPresent());
        KeyRing.in(data, keys -> {
            keys.remove("leaving");
            return keys.any();
        });
        assertThat(leaving.get("/v1/models").status()).isEqualTo(401);
    }

    @Test
    void theSecretIsKeptNowhere() throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(ada.key().orElseThrow());
            }
        }
    }

    @Test
    void nothingSecretIsLogged() {
        List<String> logged = Collections.synchronizedList(new ArrayList<>());
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry.getMessage() + Objects.toString(entry.getThrown()));
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
        Logger ours = Logger.getLogger("io.github.lift4j.server");
        ours.addHandler(listener);
        ours.setLevel(Level.ALL);
        try {
            System.getLogger("io.github.lift4j.server.test").log(System.Logger.Level.DEBUG, "heard");
            nobody.with("lift-wrong").get("/v1/models");
            ada.form("lift-broken");
            ask(ada, adasMemory);
            ask(ada, "lift-none");
        } finally {
            ours.removeHandler(listener);
            ours.setLevel(null);
        }
        assertThat(logged)
                .anyMatch(entry -> entry.startsWith("heard"))
                .noneMatch(entry -> entry.contains("lift-") || entry.contains("Gulls?"));
    }

    @Test
    void whoRemovesTheLastKeyOpensNothingAndWhoMakesTheFirstLocksAtOnce() {
        Path own = folder.resolve("own");
        try (LiftServer local = LiftServer.start(lift, settings(own))) {
            Calls calls = new Calls(local.port());
            assertThat(calls.with("any").get("/v1/models").status()).isEqualTo(200);
            assertThat(calls.get("/metrics").status()).isEqualTo(200);
            String file = calls.upload("a.txt", "Some text.").text("/id");

            Calls first = calls.with(key(own, "first", Tenant.LOCAL.id(), Scope.READ));
            assertThat(calls.get("/v1/models").status()).isEqualTo(401);
            assertThat(first.get("/v1/files/" + file).status()).isEqualTo(200);
            KeyRing.in(own, keys -> {
                keys.remove("first");
                return keys.any();
            });
            assertThat(calls.get("/v1/models").status()).isEqualTo(401);
        }
    }

    @Test
    void everyAnswerIsSafeInABrowser() {
        for (HttpResponse<String> answer : List.of(
                nobody.get("/health").response(),
                nobody.get("/v1/models").response(),
                ada.get("/v1/models").response(),
                ada.get("/v1/nothing").response(),
                ada.get("/v1/files/" + adasFile + "/content").response(),
                nobody.with("x".repeat(20_000)).get("/v1/models").response(),
                ada.post("/v1/completions", "{").response())) {
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("frame-ancestors 'none'");
        }
    }
}
