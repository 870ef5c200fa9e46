package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line as a person types it, on a tiny model where one is needed. */
class CommandLineTest {

    private static final String MODEL = "../lift4j-core/src/test/resources/tiny";

    /** What a command printed and returned. */
    private record Run(int code, String out, String err) {}

    @TempDir
    private Path folder;

    @Test
    void aDocumentIsAbsorbedAndAskedAbout() throws IOException {
        Path document =
                Files.writeString(folder.resolve("gulls.txt"), "The crew counted gulls over the harbour. ".repeat(60));
        Path memory = folder.resolve("m");
        Run absorbed = lift(
                "absorb",
                document.toString(),
                "--out",
                memory.toString(),
                "--epochs",
                "1",
                "--json",
                "--quiet",
                "--device",
                "cpu",
                "--model",
                MODEL);
        assertThat(absorbed.err()).isEmpty();
        assertThat(absorbed.code()).isZero();
        JsonNode json = new ObjectMapper().readTree(absorbed.out());
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "memory",
                        "tokens",
                        "segments",
                        "steps",
                        "loss_first",
                        "loss_last",
                        "tokens_per_second",
                        "seconds");
        assertThat(json.get("tokens").asLong()).isGreaterThan(300);

        Run asked = lift(
                "ask",
                memory.toString(),
                "What was counted?",
                "--mode",
                "lift",
                "--max-tokens",
                "8",
                "--json",
                "--quiet",
                "--device",
                "cpu");
        assertThat(asked.code()).isZero();
        JsonNode answer = new ObjectMapper().readTree(asked.out());
        assertThat(answer.fieldNames())
                .toIterable()
                .containsExactly(
                        "answer", "mode", "prompt_tokens", "answer_tokens", "seconds_to_first_token", "evidence");
        assertThat(answer.get("mode").asText()).isEqualTo("lift");

        for (String evidence : List.of("bm25", "recall")) {
            Run found = lift(
                    "ask",
                    memory.toString(),
                    "What was counted over the harbour?",
                    "--mode",
                    "lift+evidence+icl",
                    "--evidence",
                    evidence,
                    "--max-tokens",
                    "8",
                    "--json",
                    "--quiet",
                    "--device",
                    "cpu");
            assertThat(found.err()).isEmpty();
            assertThat(new ObjectMapper().readTree(found.out()).get("evidence")).isNotEmpty();
        }
        Run unlike = lift("ask", memory.toString(), "What?", "--mode", "lift+at+icl", "--device", "cpu", "--quiet");
        assertThat(unlike.code()).isEqualTo(1);
        assertThat(unlike.err()).contains("without auxiliary tasks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "absorb missing.txt --out x --model " + MODEL + " | missing.txt",
                "absorb pom.xml --out x --model nowhere/at-all/x.gguf | nowhere",
                "ask nowhere What? | no memory",
                "ask nowhere What? --mode magic | no memory",
                "absorb pom.xml --device cuda:99 --model " + MODEL + " | cuda:99",
                "absorb pom.xml --dtype int3 --model " + MODEL + " | int3",
                "absorb pom.xml --epochs 0 --model " + MODEL + " --out target/none | epochs",
            })
    void aFailureIsOneSentenceAndOne(String typed, String about) {
        Run run = lift(typed.split(" "));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().strip()).startsWith("lift: ").contains(about).doesNotContain("\tat ");
        assertThat(run.err().strip().lines()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"ask", "frobnicate", "absorb x --epochs many", "models", "bench"})
    void wrongUseIsTwo(String typed) {
        assertThat(lift(typed.split(" ")).code()).isEqualTo(2);
    }

    @Test
    void verboseShowsWhereItCameFrom() {
        assertThat(lift("ask", "nowhere", "What?", "--verbose").err()).contains("\tat ");
    }

    @Test
    void everyCommandExplainsItself() {
        for (String name : new CommandLine(new Main()).getSubcommands().keySet()) {
            Run run = lift(name, "--help");
            assertThat(run.code()).isZero();
            assertThat(run.out()).contains("Usage: lift " + name);
        }
    }

    @Test
    void theShellCanCompleteIt() {
        assertThat(lift("generate-completion").out()).contains("_complete_lift");
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
