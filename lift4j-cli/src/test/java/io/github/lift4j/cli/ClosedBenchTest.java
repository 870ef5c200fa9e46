package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.remote.FakeProvider;
import io.github.lift4j.remote.FakeProvider.Request;
import io.github.lift4j.remote.FakeProvider.Response;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code lift bench run} with a closed model, at a provider that speaks the protocol. */
@Timeout(120)
class ClosedBenchTest {

    private static final String FILES = "POST /v1/files";
    private static final String CREATE = "POST /v1/fine_tuning/jobs";
    private static final String EVENTS = "GET /v1/fine_tuning/jobs/job-1/events";
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String BASE = "gpt-3.5-turbo-1106";
    private static final String TUNED = "ft:gpt-3.5-turbo-1106:org::1";

    private record Run(int code, String out, String err) {}

    private final FakeProvider provider = new FakeProvider();

    @TempDir
    private Path folder;

    private Path suite;

    @BeforeEach
    void write() throws IOException {
        Recipe fast = RecipeFile.named("fast");
        Files.writeString(folder.resolve("tiny.yaml"), RecipeFile.write(fast.with(new SegmentSettings(64, 24, 3))));
        Files.copy(Path.of("../suites/recipes/ordering.yaml"), folder.resolve("ordering.yaml"));
        suite = Files.writeString(folder.resolve("suite.yaml"), """
                name: closed
                models:
                  - name: gpt
                    weights: %s
                    endpoint: %s
                    price: { training: 8000, input: 3000, output: 6000 }
                sets: [loogle/shortdep_qa]
                modes: [base, icl, lift, lift+icl, lift+at, lift+evidence+icl]
                recipes: [tiny.yaml, ordering.yaml]
                answer_tokens: 6
                """.formatted(
                        BASE, provider.endpoint().baseUrl()));
        Files.createDirectories(folder.resolve("data/loogle"));
        Files.writeString(folder.resolve("data/loogle/shortdep_qa.jsonl"), line("Gulls") + line("Seals"));
        provider.always(
                CHAT,
                request -> FakeProvider.said(
                        request.json().path("model").asText().equals(TUNED) ? "gulls" : "nothing at all"));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private static String line(String title) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int day = 0; day < 20; day++) {
            text.append("On day ")
                    .append(day)
                    .append(" the crew counted ")
                    .append(title)
                    .append(" by the hundred. ");
        }
        return new ObjectMapper()
                        .writeValueAsString(Map.of(
                                "input",
                                text.toString(),
                                "title",
                                title,
                                "qa_pairs",
                                "[{'Q': 'What was counted?', 'A': 'gulls', 'S': ['The crew counted gulls']}]",
                                "output",
                                "none"))
                + "\n";
    }

    private List<String> typed(String... options) {
        List<String> typed = new ArrayList<>(List.of("bench", "run", suite.toString(), "--data"));
        typed.add(folder.resolve("data").toString());
        typed.addAll(List.of("--out", folder.resolve("run").toString(), "--device", "cpu", "--quiet"));
        typed.addAll(List.of(options));
        return typed;
    }

    private Run bench(String... options) {
        return lift(typed(options).toArray(String[]::new));
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

    @Test
    void theCostIsShownAndAgreedToBeforeAnythingIsSent() throws IOException {
        Run shown = bench("--dry-run");
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .contains("6 units", "closed models as long as their provider takes: about")
                .containsPattern(
                        "base icl +about [\\d,]+ tokens read and 12 written, which costs about \\d+\\.\\d\\d\n")
                .containsPattern("fast, seed 0 +about [\\d,]+ tokens over all epochs, [\\d,]+ tokens read");
        assertThat(folder.resolve("run")).doesNotExist();
        JsonNode json = new ObjectMapper().readTree(bench("--dry-run", "--json").out());
        double parts = 0;
        for (JsonNode unit : json.get("units")) {
            assertThat(unit.get("cost").asDouble()).isPositive();
            parts += unit.get("cost").asDouble();
        }
        assertThat(json.get("cost").asDouble()).isBetween(parts * 0.999, parts * 1.001);

        Run refused = bench();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Teaching and asking " + BASE + " at http://127.0.0.1", "which costs about", "add --yes");
        assertThat(provider.requests).isEmpty();
    }

    @Test
    void aSuiteIsRunReportedAndNothingIsPaidForTwice() throws IOException {
        provider.fineTunes(TUNED, "succeeded");
        Run run = bench("--yes", "--json");
        assertThat(run.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("finished").asInt()).isEqualTo(6);
        assertThat(json.get("rows")).hasSize(6).allSatisfy(row -> {
            assertThat(row.has("nll")).isFalse();
            assertThat(row.get("model").asText()).isEqualTo("gpt");
            boolean absorbed = row.get("mode").asText().contains("lift");
            assertThat(row.get("mean").asDouble()).isEqualTo(absorbed ? 1 : 0);
        });
        assertThat(provider.requests(FILES)).as("two documents by two recipes").hasSize(4);
        assertThat(provider.requests(CREATE))
                .extracting(request -> request.json()
                        .at("/method/supervised/hyperparameters/n_epochs")
                        .asInt())
                .containsExactlyInAnyOrder(3, 3, 2, 2);
        assertThat(provider.requests(FILES))
                .filteredOn(request -> request.body().contains("into their order")
                        || request.body().contains("[0]"))
                .as("the recipe's tasks are trained")
                .hasSize(2);

        assertThat(bench("--dry-run").out())
                .contains("finished", "6 units, about 0 s")
                .doesNotContain("costs");
        int sent = provider.requests.size();
        Run table = bench();
        assertThat(table.code()).as("nothing is left to be agreed to").isZero();
        assertThat(table.out()).contains("not measured");
        assertThat(provider.requests).hasSize(sent);

        JsonNode environment = new ObjectMapper()
                .readTree(folder.resolve("run/environment.json").toFile());
        assertThat(environment.at("/details/closed model gpt").asText()).startsWith(BASE + " at http");
        Path report = folder.resolve("report");
        assertThat(lift("report", folder.resolve("run").toString(), "--out", report.toString())
                        .err())
                .isEmpty();
        assertThat(Files.readString(report.resolve("report.md")))
                .contains("Closed, behind a provider's fine-tuning API: gpt", "the NLL cannot be had")
                .doesNotContain("| Device |");
    }

    @Test
    void aKilledRunGoesOnWithItsJob() throws Exception {
        provider.fineTunes(TUNED, "running");
        Process process = started("--limit", "1", "--yes");
        while (provider.requests(EVENTS).isEmpty()) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(20);
        }
        process.destroyForcibly().waitFor();
        assertThat(provider.requests(FILES).getFirst().headers()).containsEntry("authorization", "Bearer sk-secret");
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(file)
                            .content(StandardCharsets.ISO_8859_1)
                            .doesNotContain("sk-secret"));
        }
        assertThat(provider.requests(CHAT)).as("what needs no absorb was asked").hasSize(2);
        assertThat(provider.requests(FILES)).hasSize(1);

        Run left = bench("--limit", "1", "--dry-run");
        assertThat(left.out()).contains("finished");
        assertThat(left.out().lines().filter(line -> line.contains("fast, seed 0")))
                .singleElement()
                .asString()
                .as("its training is paid for")
                .doesNotContain("over all epochs")
                .contains("tokens read");

        provider.fineTunes(TUNED, "succeeded");
        Run again = bench("--limit", "1", "--yes", "--json");
        assertThat(again.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(again.out());
        assertThat(json.get("finished").asInt()).isEqualTo(3);
        assertThat(provider.requests(FILES)).as("the two recipes").hasSize(2);
        assertThat(provider.requests(CREATE)).hasSize(2);
        assertThat(provider.requests(CHAT)).hasSize(6);
    }

    @Test
    void anAnswerThatWasPaidForIsNotAskedAgain() {
        provider.fineTunes(TUNED, "succeeded");
        int[] answers = {0};
        provider.always(
                CHAT,
                request -> answers[0]++ < 4
                        ? FakeProvider.said("gulls")
                        : Response.error(401, "Incorrect API key provided"));
        Run broken = bench("--limit", "1", "--yes");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("[2/3]", "does not accept the API key");
        provider.always(CHAT, request -> FakeProvider.said("gulls"));
        assertThat(bench("--limit", "1", "--yes").code()).isZero();
        List<String> asked = provider.requests(CHAT).stream().map(Request::body).toList();
        // Those of the unit that was finished, and the last one of the unit that then failed.
        for (int answered : List.of(0, 1, 3)) {
            assertThat(asked.stream().filter(asked.get(answered)::equals)).hasSize(1);
        }
        assertThat(provider.requests(CREATE)).hasSize(2);
    }

    /** The same run in a process of its own, which can be killed. */
    private Process started(String... options) throws IOException {
        List<String> typed = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        typed.addAll(typed(options));
        ProcessBuilder builder = new ProcessBuilder(typed);
        builder.environment().put("OPENAI_API_KEY", "sk-secret");
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile())
                .start();
    }
}
