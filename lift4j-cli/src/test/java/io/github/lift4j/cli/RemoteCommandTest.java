package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.remote.FakeProvider;
import io.github.lift4j.remote.FakeProvider.Request;
import io.github.lift4j.remote.FakeProvider.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code lift remote} as a person types it, at a provider that speaks the protocol. */
@Timeout(120)
class RemoteCommandTest {

    private static final String FILES = "POST /v1/files";
    private static final String CREATE = "POST /v1/fine_tuning/jobs";
    private static final String EVENTS = "GET /v1/fine_tuning/jobs/job-1/events";
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String BASE = "gpt-3.5-turbo-1106";
    private static final String TUNED = "ft:gpt-3.5-turbo-1106:org::1";
    private static final String TEXT = "The harbour of Kell lies under Mount Gannet. Its lighthouse is red. "
            + "It was built by Ada Brenn in the year of the great storm.";

    /** What a command printed and returned. */
    private record Run(int code, String out, String err) {

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    private final FakeProvider provider = new FakeProvider();

    @TempDir
    private Path folder;

    private Path document;
    private Path tasks;

    @BeforeEach
    void write() throws IOException {
        document = Files.writeString(folder.resolve("kell.txt"), TEXT);
        tasks = Files.writeString(
                folder.resolve("tasks.jsonl"), "{\"question\": \"Who built it?\", \"answer\": \"Ada Brenn\"}\n");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void aKilledAbsorbGoesOnWithItsJob() throws Exception {
        provider.fineTunes(TUNED, "running");
        Process process = started("--yes", "--price", "8", "--json");
        awaitJob();
        process.destroyForcibly().waitFor();
        assertThat(provider.requests(FILES).getFirst().headers()).containsEntry("authorization", "Bearer sk-secret");
        assertThat(lift("remote", "ask", memory(), "Who?", "--base-url", url()).err())
                .contains("not done");

        provider.fineTunes(TUNED, "succeeded");
        Run again = absorb("--json");
        assertThat(again.err()).isEmpty();
        assertThat(again.code()).isZero();
        assertThat(again.json().get("job").asText()).isEqualTo("job-1");
        assertThat(again.json().get("model").asText()).isEqualTo(TUNED);
        assertThat(provider.requests(FILES)).hasSize(1);
        assertThat(provider.requests(CREATE)).hasSize(1);

        int sent = provider.requests.size();
        Run withoutDocument = lift("remote", "absorb", "--out", memory(), "--base-url", url(), "--quiet");
        assertThat(withoutDocument.out()).contains(TUNED, "lift remote ask");
        assertThat(provider.requests).hasSize(sent);
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("sk-secret"));
        }
    }

    @Test
    void anInterruptedAbsorbSaysHowToGoOnAndIsCancelled() throws Exception {
        provider.fineTunes(TUNED, "running");
        Process process = started("--yes");
        awaitJob();
        process.toHandle().destroy(); // leaves its streams open, as the process itself would not
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said.lines().filter(line -> line.startsWith("lift: ")))
                .singleElement()
                .asString()
                .contains("goes on at the provider", "lift remote cancel " + memory());
        assertThat(said).doesNotContain("\tat ");
        assertThat(process.exitValue()).isEqualTo(1);

        Run running = lift("remote", "status", memory(), "--base-url", url());
        assertThat(running.out()).contains("running, job job-1: Step 3/12");
        provider.always(
                "POST /v1/fine_tuning/jobs/job-1/cancel",
                request -> Response.json(200, FakeProvider.job("job-1", "file-1", "cancelled", null, "null")));
        Run cancelled = lift("remote", "cancel", memory(), "--base-url", url(), "--json");
        assertThat(cancelled.json().get("status").asText()).isEqualTo("cancelled");
        Run twice = lift("remote", "cancel", memory(), "--base-url", url());
        assertThat(twice.code()).isEqualTo(1);
        assertThat(twice.err()).contains("nothing to cancel");
        assertThat(absorb().err()).contains("--yes");
        assertThat(provider.requests(CREATE)).hasSize(1);
    }

    /** With the progress display drawn, which has its own ideas of signals. */
    @Test
    void onATerminalACostIsAgreedToAndCtrlCSaysHowToGoOn() throws Exception {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(script), "there is no command to open a terminal with");
        provider.fineTunes(TUNED, "running");
        Path command = Files.writeString(
                folder.resolve("command.sh"), "exec '" + String.join("' '", java("--price", "8")) + "'\n");
        Process terminal = start(List.of(script.toString(), "-qec", "sh " + command, "/dev/null"));
        try (OutputStream keys = terminal.getOutputStream()) {
            keys.write("y\n".getBytes(StandardCharsets.UTF_8));
            keys.flush();
            awaitJob();
            keys.write(3); // Ctrl-C
            keys.flush();
            assertThat(terminal.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        String seen = new String(terminal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(seen).contains("Go on? [y/N]", "Uploading the training file", "goes on at the provider");
        assertThat(provider.requests(CREATE)).hasSize(1);
    }

    @Test
    void nothingIsSentBeforeAPersonAgrees() {
        provider.fineTunes(TUNED, "succeeded");
        Run refused = absorb("--price", "8000");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err().lines()).hasSize(2);
        assertThat(refused.err())
                .contains("Training " + BASE + " on \"kell\"", "tokens over all epochs", "costs about")
                .contains("no terminal", "add --yes");
        assertThat(provider.requests).isEmpty();

        Run agreed = absorb("--yes", "--epochs", "5", "--tasks", tasks.toString());
        assertThat(agreed.code()).isZero();
        assertThat(agreed.err()).contains("the provider's price");
        assertThat(agreed.out()).contains(TUNED);
        JsonNode created = provider.requests(CREATE).getFirst().json();
        assertThat(created.get("model").asText()).isEqualTo(BASE);
        assertThat(created.at("/method/supervised/hyperparameters/n_epochs").asInt())
                .isEqualTo(5);
        assertThat(provider.requests(FILES).getFirst().body()).contains("Who built it?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "icl               | bm25   | 1 | base  | true  | 0",
                "lift              | bm25   | 1 | tuned | false | 0",
                "lift+icl          | bm25   | 1 | tuned | true  | 0",
                "lift+at+icl       | bm25   | 1 | tuned | true  | 0",
                "evidence+icl      | bm25   | 1 | base  | true  | 1",
                "lift+evidence+icl | bm25   | 1 | tuned | true  | 1",
                "lift+evidence+icl | recall | 3 | tuned | true  | 2",
                "rag               | bm25   | 1 | base  | false | 1",
                "base              | bm25   | 1 | base  | false | 0"
            })
    void eachModeAnswers(String mode, String evidence, int requests, String who, boolean text, int passages)
            throws IOException {
        tuned();
        provider.always(
                CHAT,
                request ->
                        FakeProvider.said("by " + request.json().path("model").asText()));
        Run asked = ask("--mode", mode, "--evidence", evidence, "--json");
        assertThat(asked.err()).isEmpty();
        JsonNode answer = asked.json();
        assertThat(answer.fieldNames())
                .toIterable()
                .containsExactly(
                        "answer", "mode", "prompt_tokens", "answer_tokens", "seconds_to_first_token", "evidence");
        assertThat(answer.get("mode").asText()).isEqualTo(mode);
        assertThat(answer.get("answer").asText()).isEqualTo("by " + (who.equals("base") ? BASE : TUNED));
        assertThat(answer.get("evidence")).hasSize(passages);
        List<Request> sent = provider.requests(CHAT);
        assertThat(sent).hasSize(requests);
        String prompt = sent.getLast().json().at("/messages/0/content").asText();
        assertThat(prompt).endsWith("Who built the lighthouse?");
        assertThat(prompt.contains("This is the text of \"kell\":\n\n" + TEXT)).isEqualTo(text);
        answer.get("evidence")
                .forEach(passage -> assertThat(prompt).contains("bear on the question:", passage.asText()));
        if (evidence.equals("recall")) {
            assertThat(sent)
                    .allMatch(request -> request.json().path("model").asText().equals(TUNED));
        }

        ask("--mode", mode, "--evidence", evidence);
        assertThat(provider.requests(CHAT)).hasSize(requests);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sft+icl      | bm25   | without 'sft'",
                "rag          | recall | Only a model that absorbed",
                "rag          | magic  | no evidence source 'magic'",
                "magic        | bm25   | no answering mode"
            })
    void aModeThatMakesNoSenseIsRefused(String mode, String evidence, String about) throws IOException {
        tuned();
        refused(ask("--mode", mode, "--evidence", evidence), about);
        assertThat(provider.requests(CHAT)).isEmpty();
    }

    @Test
    void aModeWithTasksNeedsTasks() {
        provider.fineTunes(TUNED, "succeeded");
        absorb("--yes");
        refused(ask("--mode", "lift+at+icl"), "without auxiliary tasks");
    }

    @Test
    void aWrongKeyIsOneSentence() {
        provider.always(FILES, request -> Response.error(401, "Incorrect API key provided"));
        refused(absorb("--yes"), "does not accept the API key");
        refused(absorb("--yes", "--key-variable", "LIFT4J_NO_SUCH_KEY"), "no key in LIFT4J_NO_SUCH_KEY");
    }

    @Test
    void anUnknownModelIsOneSentence() {
        provider.fineTunes(TUNED, "succeeded");
        provider.next(CREATE, Response.error(404, "The model does not exist"));
        refused(absorb("--yes"), "The model does not exist): check the model's name");
        assertThat(absorb().out()).contains(TUNED);
        assertThat(provider.requests(FILES)).hasSize(1);
    }

    @Test
    void aJobThatFailedIsOneSentence() throws IOException {
        provider.fineTunes(TUNED, "running");
        provider.always(
                "GET /v1/fine_tuning/jobs/job-1",
                request -> Response.json(
                        200,
                        FakeProvider.job(
                                "job-1",
                                "file-1",
                                "failed",
                                null,
                                "{\"code\":\"c\",\"param\":null,\"message\":\"at least 10 examples are needed\"}")));
        refused(absorb("--yes"), "at least 10 examples are needed");
        Run status = lift("remote", "status", memory(), "--base-url", url(), "--json");
        assertThat(status.json().get("status").asText()).isEqualTo("failed");
    }

    @Test
    void aBusyProviderIsAskedAgainAndThenOneSentence() throws IOException {
        tuned();
        Response busy = Response.error(429, "Rate limit reached").with("Retry-After", "0");
        provider.next(CHAT, busy);
        provider.always(CHAT, request -> FakeProvider.said("Ada Brenn"));
        assertThat(ask("--mode", "lift").out()).isEqualTo("Ada Brenn" + System.lineSeparator());
        provider.always(CHAT, request -> busy);
        refused(ask("--mode", "icl"), "Rate limit reached");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "remote",
                "remote absorb pom.xml --out x",
                "remote absorb pom.xml --model m",
                "remote absorb pom.xml --model m --out x --epochs 0",
                "remote absorb pom.xml --model m --out x --price -1",
                "remote ask x What? --window 0",
                "remote status"
            })
    void wrongUseIsTwo(String typed) {
        assertThat(lift(typed.split(" ")).code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "cancel", "ask"})
    void aFolderWithoutAFineTuningIsOneSentence(String verb) {
        List<String> typed = new ArrayList<>(List.of("remote", verb, "nowhere", "--base-url", url()));
        if (verb.equals("ask")) {
            typed.add("Who?");
        }
        refused(lift(typed.toArray(String[]::new)), "no fine-tuning in nowhere");
    }

    private static void refused(Run run, String about) {
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        List<String> said =
                run.err().lines().filter(line -> !line.startsWith("Training ")).toList();
        assertThat(said).hasSize(1);
        assertThat(said.getFirst()).startsWith("lift: ").contains(about);
    }

    /** A document absorbed with tasks. */
    private void tuned() throws IOException {
        provider.fineTunes(TUNED, "succeeded");
        Run run = absorb("--yes", "--tasks", tasks.toString(), "--json");
        assertThat(run.json().get("model").asText()).isEqualTo(TUNED);
    }

    private Run absorb(String... more) {
        return lift(typed(
                List.of("remote", "absorb", document.toString(), "--model", BASE, "--out", memory(), "--quiet"), more));
    }

    private Run ask(String... more) {
        return lift(typed(List.of("remote", "ask", memory(), "Who built the lighthouse?"), more));
    }

    private String[] typed(List<String> first, String... more) {
        List<String> typed = new ArrayList<>(first);
        typed.addAll(List.of("--base-url", url()));
        typed.addAll(List.of(more));
        return typed.toArray(String[]::new);
    }

    private String memory() {
        return folder.resolve("kell.remote").toString();
    }

    private String url() {
        return provider.endpoint().baseUrl();
    }

    private void awaitJob() throws InterruptedException {
        while (provider.requests(EVENTS).isEmpty()) {
            Thread.sleep(20);
        }
        Thread.sleep(200);
    }

    /** The same absorb in a process of its own, which a signal can stop. */
    private Process started(String... more) throws IOException {
        return start(java(more));
    }

    private List<String> java(String... more) {
        List<String> typed = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "remote",
                "absorb",
                document.toString(),
                "--model",
                BASE,
                "--out",
                memory()));
        typed.addAll(List.of(more));
        return typed;
    }

    private Process start(List<String> typed) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(typed);
        builder.environment().putAll(Map.of("OPENAI_API_KEY", "sk-secret", "OPENAI_BASE_URL", url()));
        return builder.start();
    }

    private static Run lift(String... typed) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(typed);
        return new Run(code, out.toString(), err.toString());
    }
}
