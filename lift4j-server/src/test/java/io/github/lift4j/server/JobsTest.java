package io.github.lift4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.Lift;
import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.server.answer.Desk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs, and what becomes of them when the process ends. */
class JobsTest {

    @TempDir
    private Path folder;

    private Path model;
    private Path data;

    @BeforeEach
    void copy() throws IOException {
        model = TinyLift.copyTo(folder.resolve("tiny"));
        data = folder.resolve("data");
    }

    /** A service in a process of its own: prints its port. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (Lift lift = TinyLift.open(Path.of(arguments[0]));
                    LiftServer server = LiftServer.start(lift, settings(Path.of(arguments[1])))) {
                System.out.println(server.port());
                Thread.sleep(600_000);
            }
        }
    }

    private static ServerSettings settings(Path data) {
        return ServerSettings.of(data)
                .at("127.0.0.1", 0)
                .with(TinyLift.limits(1 << 20, 2), new Desk.Size(1, 8, 2))
                .with(TinyLift.RECIPES);
    }

    @Test
    void aKilledJobGoesOnFromItsCheckpointToTheLossesOfAnUndisturbedOne() throws Exception {
        Process first = child();
        String job;
        int paused;
        try {
            Calls calls = calls(first);
            job = calls.job("long");
            calls.awaitStepBehind(job, 0);
            Calls.Answer meanwhile = calls.post("/v1/completions", """
                    {"model": "tiny", "prompt": "On day 7", "max_tokens": 20, "temperature": 1}""");
            assertThat(meanwhile.status()).isEqualTo(200);
            assertThat(calls.job(job, "pause").text("/status")).isEqualTo("paused");
            // The step of the checkpoint, once the worker has written it.
            paused = awaitCheckpoint();
            assertThat(calls.job(job, "resume").text("/status")).isIn("queued", "running");
            calls.awaitStepBehind(job, paused);
        } finally {
            first.destroyForcibly();
        }
        assertThat(first.waitFor()).isEqualTo(137);

        Process second = child();
        try {
            Calls calls = calls(second);
            assertThat(calls.awaitStatus(job, "succeeded").at("/error").isNull())
                    .isTrue();
            List<JsonNode> events = events(calls, job);
            int restart = events.indexOf(events.stream()
                    .filter(event -> event.get("message").asText().contains("started again"))
                    .findFirst()
                    .orElseThrow());
            int step = events.subList(0, restart).reversed().stream()
                    .map(event -> event.at("/data/step"))
                    .filter(JsonNode::isInt)
                    .findFirst()
                    .orElseThrow()
                    .intValue();
            assertThat(step).isGreaterThan(paused);
            String memory = calls.get("/v1/fine_tuning/jobs/" + job).text("/fine_tuned_model");
            assertThat(Memory.open(data.resolve("memories").resolve(memory))
                            .manifest()
                            .losses())
                    .isEqualTo(undisturbed());
        } finally {
            second.destroy();
            assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(files()).noneMatch(file -> file.matches(".*(checkpoint-|absorb.json|\\.tmp$|/tmp/).*"));
    }

    private static List<JsonNode> events(Calls calls, String job) {
        JsonNode page =
                calls.get("/v1/fine_tuning/jobs/" + job + "/events?limit=1000").json();
        return page.get("data").valueStream().toList();
    }

    private int awaitCheckpoint() throws IOException, InterruptedException {
        while (true) {
            List<String> states =
                    files().filter(file -> file.contains("/checkpoint-")).toList();
            if (states.size() == 1 && states.getFirst().endsWith(".safetensors")) {
                return Integer.parseInt(states.getFirst().replaceAll(".*checkpoint-(\\d+)\\..*", "$1"));
            }
            Thread.sleep(10);
        }
    }

    private Stream<String> files() throws IOException {
        try (Stream<Path> tree = Files.walk(data)) {
            return tree
                    .filter(Files::isRegularFile)
                    .map(file -> "/" + data.relativize(file).toString().replace(File.separatorChar, '/'))
                    .toList()
                    .stream();
        }
    }

    private List<Double> undisturbed() throws IOException {
        Path text = Files.writeString(folder.resolve("gulls.txt"), TinyLift.TEXT);
        try (Lift lift = TinyLift.open(model);
                Document document = Document.open(text)) {
            return new Absorber(lift.model(), Progress.SILENT)
                    .absorb(document, TinyLift.LONG.withSeed(7), folder.resolve("undisturbed"))
                    .manifest()
                    .losses();
        }
    }

    private Process child() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx512m",
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                        "-Dorg.bytedeco.javacpp.maxbytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        model.toString(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Calls calls(Process child) throws IOException {
        BufferedReader out = child.inputReader(StandardCharsets.UTF_8);
        String port = out.readLine();
        assertThat(port).as("the child's port").isNotNull();
        return new Calls(Integer.parseInt(port));
    }

    @Test
    void aCancelledJobLeavesNothingAndAStoppedServiceGoesOn() throws Exception {
        String waiting;
        try (Lift lift = TinyLift.open(model);
                LiftServer server = LiftServer.start(lift, settings(data))) {
            Calls calls = new Calls(server.port());
            String running = calls.job("long");
            waiting = calls.job("short");
            Calls.Answer third =
                    calls.create(calls.get("/v1/files").json().at("/data/0/id").asText(), "short");
            assertThat(third.status()).isEqualTo(429);
            assertThat(third.response().headers().firstValue("Retry-After")).isPresent();

            calls.awaitStepBehind(running, 0);
            String file = calls.get("/v1/fine_tuning/jobs/" + running).text("/training_file");
            assertThat(calls.delete("/v1/files/" + file).status()).isEqualTo(409);
            assertThat(calls.job(waiting, "resume").status()).isEqualTo(409);
            assertThat(calls.job(waiting, "pause").text("/status")).isEqualTo("paused");
            assertThat(calls.job(running, "cancel").text("/status")).isEqualTo("cancelled");
            assertThat(calls.job(running, "cancel").status()).isEqualTo(409);
            assertThat(calls.delete("/v1/files/" + file).status()).isEqualTo(200);
            calls.job(waiting, "resume");
            assertThat(calls.awaitStatus(waiting, "succeeded")
                            .get("fine_tuned_model")
                            .isTextual())
                    .isTrue();
            waiting = calls.job("long");
            calls.awaitStepBehind(waiting, 0);
        }
        assertThat(files()).anyMatch(file -> file.contains("/checkpoint-"));
        Path junk = Files.createDirectories(data.resolve("files/file-nobodys"));
        Files.writeString(junk.resolve("half"), "x");
        Files.writeString(data.resolve("tmp/half"), "x");
        Files.createDirectories(data.resolve("memories/nobodys"));
        try (Lift lift = TinyLift.open(model);
                LiftServer server = LiftServer.start(lift, settings(data))) {
            Calls calls = new Calls(server.port());
            assertThat(files()).noneMatch(file -> file.contains("half"));
            assertThat(data.resolve("memories/nobodys")).doesNotExist();
            calls.awaitStatus(waiting, "succeeded");
            assertThat(calls.get("/v1/models").json().get("data")).hasSize(3);
        }
        try (Stream<Path> memories = Files.list(data.resolve("memories"))) {
            assertThat(memories).hasSize(2);
        }
    }
}
