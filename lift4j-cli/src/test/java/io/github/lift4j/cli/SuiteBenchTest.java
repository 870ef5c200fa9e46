package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.SegmentSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lift bench run} as a person types it, on a tiny model. */
class SuiteBenchTest {

    private static final String SUITE = """
            name: tiny
            models:
              - { name: tiny, weights: ../lift4j-core/src/test/resources/tiny }
            sets:
              - loogle/shortdep_qa
              - quality/quality
            modes: [base, lift, rag]
            recipes: [tiny.yaml]
            answer_tokens: 6
            """;

    private record Run(int code, String out, String err) {}

    @TempDir
    private Path folder;

    private Path suite;
    private String out = "run";

    @BeforeEach
    void write() throws IOException {
        Recipe fast = RecipeFile.named("fast");
        Files.writeString(folder.resolve("tiny.yaml"), RecipeFile.write(fast.with(new SegmentSettings(64, 24, 1))));
        suite = Files.writeString(folder.resolve("suite.yaml"), SUITE);
        Files.createDirectories(folder.resolve("data/loogle"));
        String line = new ObjectMapper()
                .writeValueAsString(Map.of(
                        "input",
                        "The crew of the Petrel counted gulls over the harbour. ".repeat(12),
                        "title",
                        "Gulls",
                        "qa_pairs",
                        "[{'Q': 'What was counted?', 'A': 'gulls', 'S': ['The crew counted gulls']}]",
                        "output",
                        "none"));
        Files.writeString(folder.resolve("data/loogle/shortdep_qa.jsonl"), line + "\n" + line + "\n");
    }

    private Run bench(String... options) {
        List<String> arguments = new ArrayList<>(List.of("bench", "run", suite.toString(), "--data"));
        arguments.add(folder.resolve("data").toString());
        arguments.addAll(List.of("--out", folder.resolve(out).toString(), "--device", "cpu", "--quiet"));
        arguments.addAll(List.of(options));
        return lift(arguments.toArray(String[]::new));
    }

    private static Run lift(String... typed) {
        StringWriter printed = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(err))
                .execute(typed);
        return new Run(code, printed.toString(), err.toString());
    }

    @Test
    void aSuiteIsShownRunAndGoneOnWith() throws IOException {
        Run shown = bench("--dry-run");
        assertThat(shown.err()).isEqualToIgnoringNewLines("lift: no data of quality/quality");
        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .contains("loogle/shortdep_qa  shortdep_qa:1  base rag:bm25", "4 units, about")
                .doesNotContain("finished");
        assertThat(folder.resolve("run")).doesNotExist();

        Run first = bench("--limit", "1");
        assertThat(first.code()).isZero();
        assertThat(first.out())
                .contains("[1/2]", "[2/2]")
                .containsPattern("lift +1 +f1 +0\\.")
                .contains("NLL");

        JsonNode rest = new ObjectMapper().readTree(bench("--json").out());
        assertThat(rest.get("finished").asInt()).isEqualTo(4);
        assertThat(rest.get("planned").asInt()).isEqualTo(4);
        assertThat(rest.get("failed")).isEmpty();
        assertThat(rest.get("rows")).hasSize(3).allSatisfy(row -> {
            assertThat(row.get("count").asInt()).isEqualTo(2);
            assertThat(row.get("nll").asDouble()).isPositive();
        });
        JsonNode environment = new ObjectMapper()
                .readTree(folder.resolve("run/environment.json").toFile());
        assertThat(environment.get("command").get(2).asText()).isEqualTo("run");
        assertThat(environment.get("device").asText()).isEqualTo("cpu");
        assertThat(environment.get("threads").asInt()).isPositive();
        assertThat(environment.get("models")).hasSize(1);

        assertThat(bench("--dry-run").out()).contains("finished", "4 units, about 0 s");
    }

    @Test
    void resultsAreScoredFurtherAndExported() throws IOException {
        assertThat(bench("--limit", "1").code()).isZero();
        String run = folder.resolve("run").toString();
        Run scored = lift("bench", "score", run, "--bert-score", "--json");
        assertThat(scored.err()).isEmpty();
        assertThat(new ObjectMapper().readTree(scored.out()).get("bert_score").asInt())
                .isEqualTo(3);
        assertThat(lift("bench", "score", run, "--bert-score").out()).contains("0 answers");
        assertThat(lift("bench", "score", run).code()).isEqualTo(2);

        assertThat(lift("bench", "export", run).code()).isZero();
        assertThat(Files.readString(folder.resolve("run/tables/scores.csv"))).contains(",bert_score,", ",nll,");
        assertThat(lift("bench", "export", run, "--format", "parquet").out()).contains("scored.parquet");
        assertThat(lift("bench", "export", folder.resolve("data").toString()).err())
                .contains("no run");
        assertThat(Files.readString(folder.resolve("run/environment.json"))).contains("BERTScore");
        assertThat(bench("--limit", "1", "--json").code())
                .as("the run is gone on with")
                .isZero();
    }

    @Test
    void aRunIsReported() throws IOException {
        assertThat(bench("--limit", "1").code()).isZero();
        Path run = folder.resolve("run");
        Path report = folder.resolve("report");
        Run written = lift("report", run.toString(), "--out", report.toString());
        assertThat(written.err()).isEmpty();
        assertThat(written.out())
                .isEqualToIgnoringNewLines(report.resolve("index.html").toString());
        assertThat(Files.readString(report.resolve("index.html")))
                .contains("What was counted?", "no judge", "2 of 4 planned units", "lift bench run");
        assertThat(report.resolve("report.md")).exists();
        assertThat(report.resolve("tables/table-1.csv")).exists();

        JsonNode again = new ObjectMapper()
                .readTree(lift("report", run.toString(), "--json").out());
        assertThat(Path.of(again.get("page").asText()))
                .isEqualTo(run.resolve("report/index.html"))
                .exists();
        assertThat(again.get("planned").asInt()).isEqualTo(4);
        assertThat(lift("report", folder.resolve("data").toString()).err()).contains("no run", "lift bench run");
        assertThat(lift("report", run.toString(), "--questions", "-1").code()).isEqualTo(2);
    }

    @Test
    void partsAreRunIntoOneFolder() throws IOException {
        Path documents = folder.resolve("data/loogle/shortdep_qa.jsonl");
        String line = Files.readAllLines(documents).getFirst();
        Files.writeString(documents, line + "\n" + line.replace("Petrel", "Heron") + "\n");

        Run shown = bench("--part", "2/2", "--dry-run");
        assertThat(shown.out()).contains("shortdep_qa:2", "2 units, about").doesNotContain("shortdep_qa:1");

        assertThat(bench("--part", "2/2").out()).contains("[1/2]", "[2/2]");
        JsonNode last =
                new ObjectMapper().readTree(bench("--part", "1/2", "--json").out());
        assertThat(last.get("finished").asInt()).isEqualTo(4);
        assertThat(last.get("rows"))
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.get("count").asInt()).isEqualTo(2));
        assertThat(bench().out()).as("nothing is left to do").doesNotContain("[1/");

        for (String part : List.of("0/4", "5/4", "x")) {
            Run refused = bench("--part", part);
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("--part", "'" + part + "' is no part", "1/4");
        }
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        Run unknown = bench("--only", "shortdep");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("'shortdep'", "loogle/shortdep_qa");

        assertThat(bench("--limit", "1", "--only", "shortdep_qa").code()).isZero();
        Files.writeString(suite, SUITE.replace("answer_tokens: 6", "answer_tokens: 7"));
        Run changed = bench();
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.err()).contains("another suite", "--out");

        Files.writeString(suite, SUITE.replace("answer_tokens", "answer_tokns"));
        assertThat(bench().err()).contains("suite.yaml", "no answer_tokns", "answer_tokens");

        out = "failing";
        Files.writeString(suite, SUITE.replace("answer_tokens: 6", "answer_tokens: 600"));
        Run failing = bench("--limit", "1");
        assertThat(failing.code()).isEqualTo(1);
        assertThat(failing.err()).contains("[1/2]", "[2/2]", "window of 256");
    }
}
