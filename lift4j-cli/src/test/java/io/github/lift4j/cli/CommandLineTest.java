package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.TaskSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        assertThat(Memory.open(memory).manifest().recipe().name()).isEqualTo("fast");

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

    @Test
    void aMemoryIsExportedAndAnAdapterImported() throws IOException {
        Path document =
                Files.writeString(folder.resolve("gulls.txt"), "The crew counted gulls over the harbour. ".repeat(30));
        String memory = folder.resolve("m").toString();
        lift("absorb", document.toString(), "--out", memory, "--epochs", "1", "--device", "cpu", "--model", MODEL);
        for (String format : List.of("peft", "safetensors", "gguf", "gguf-lora")) {
            Path out = folder.resolve(format);
            Run exported = lift("export", memory, "--format", format, "--out", out.toString(), "--json", "--quiet");
            assertThat(exported.err()).isEmpty();
            assertThat(exported.code()).isZero();
            assertThat(new ObjectMapper().readTree(exported.out()).get("path").asText())
                    .isEqualTo(out.toString());
            assertThat(out).exists();
        }
        Run again = lift(
                "export",
                memory,
                "--format",
                "gguf",
                "--out",
                folder.resolve("gguf").toString());
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("already");
        assertThat(lift("export", memory, "--out", "x").code()).isEqualTo(2);

        String imported = folder.resolve("imported").toString();
        Run taken = lift("import", folder.resolve("peft").toString(), "--base", MODEL, "--out", imported);
        assertThat(taken.err()).isEmpty();
        assertThat(taken.out()).contains("--mode lift");
        Run asked = lift("ask", imported, "What?", "--mode", "lift", "--max-tokens", "4", "--device", "cpu", "--quiet");
        assertThat(asked.err()).isEmpty();
        for (String mode : List.of("icl", "rag")) {
            Run refused = lift("ask", imported, "What?", "--mode", mode, "--device", "cpu", "--quiet");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("has no document");
        }
    }

    @Test
    void tasksAreMadeReadAndTrained() throws IOException {
        String text = IntStream.range(0, 30)
                .mapToObj(i -> "On day " + i + " the crew of the Petrel counted " + (i * 37 % 101) + " gulls. ")
                .collect(Collectors.joining());
        Path document = Files.writeString(folder.resolve("gulls.txt"), text);
        Path recipe = folder.resolve("cloze.yaml");
        TaskSettings cloze = new TaskSettings(1, 1, List.of(new TaskSettings.Rules("cloze", 9)));
        Files.writeString(recipe, RecipeFile.write(RecipeFile.named("fast").withTasks(Optional.of(cloze))));
        assertThat(lift("recipe", "show", recipe.toString()).out()).contains("rule: cloze");
        Path tasks = folder.resolve("tasks.jsonl");
        Run made = lift(
                "synthesize",
                document.toString(),
                "--out",
                tasks.toString(),
                "--recipe",
                recipe.toString(),
                "--model",
                MODEL,
                "--device",
                "cpu",
                "--quiet",
                "--json");
        assertThat(made.err()).isEmpty();
        assertThat(new ObjectMapper().readTree(made.out()).get("tasks").asInt()).isPositive();
        assertThat(Files.exists(folder.resolve("tasks.jsonl.partial"))).isFalse();

        Path memory = folder.resolve("m");
        Run absorbed = lift(
                "absorb",
                document.toString(),
                "--tasks",
                tasks.toString(),
                "--epochs",
                "1",
                "--out",
                memory.toString(),
                "--model",
                MODEL,
                "--device",
                "cpu",
                "--quiet");
        assertThat(absorbed.err()).isEmpty();
        assertThat(Files.readString(memory.resolve("tasks.jsonl"))).contains("cloze");

        Files.writeString(tasks, "{\"question\": \"broken", StandardOpenOption.APPEND);
        Run refused = lift(
                "absorb",
                document.toString(),
                "--tasks",
                tasks.toString(),
                "--model",
                MODEL,
                "--device",
                "cpu",
                "--quiet",
                "--out",
                folder.resolve("n").toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("tasks.jsonl").contains("line");
        assertThat(Files.exists(folder.resolve("n").resolve("absorb.json"))).isFalse();
    }

    @Test
    void questionsAreWrittenByWhomTheRecipeNames() throws IOException {
        assertThat(lift("recipe", "list").out().lines()).contains("every-sentence", "paper");
        String shown = lift("recipe", "show", "every-sentence").out();
        assertThat(shown).contains("kind: questions", "kind: base", "kind: sentence", "context: 2048");

        Path document = Files.writeString(folder.resolve("gulls.txt"), "The crew counted gulls. ".repeat(20));
        Path recipe = folder.resolve("mine.yaml");
        Run narrow = synthesize(document, Files.writeString(recipe, shown));
        assertThat(narrow.code()).isEqualTo(1);
        assertThat(narrow.err()).contains("window has 256").hasLineCount(1);

        String nowhere =
                "kind: endpoint\n      url: localhost\n      model: mini\n      at_once: 4\n      tariff: null";
        Files.writeString(recipe, shown.replace("kind: base", nowhere));
        Run refused = synthesize(document, recipe);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("lift: \"localhost\" is no endpoint's address")
                .hasLineCount(1);
    }

    private Run synthesize(Path document, Path recipe) {
        return lift(
                "synthesize",
                document.toString(),
                "--out",
                folder.resolve("tasks.jsonl").toString(),
                "--recipe",
                recipe.toString(),
                "--model",
                MODEL,
                "--device",
                "cpu",
                "--quiet",
                "--json");
    }

    @Test
    void recipesAreMeasuredOnABenchmark() throws IOException {
        String text = "The crew counted 37 gulls over the harbour. ".repeat(30);
        Files.writeString(
                folder.resolve("shortdep_qa.jsonl"),
                "{\"input\": \"" + text
                        + "\", \"title\": \"Gulls\", \"qa_pairs\": \"[{'Q': 'How many gulls?', 'A': '37',"
                        + " 'S': ['37 gulls']}]\", \"output\": \"none\"}\n");
        Run run = lift(
                "bench",
                "recipes",
                "--data",
                folder.toString(),
                "--recipes",
                "fast",
                "--model",
                MODEL,
                "--device",
                "cpu",
                "--quiet",
                "--json");
        assertThat(run.err()).isEmpty();
        JsonNode rows = new ObjectMapper().readTree(run.out()).get("recipes");
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("nll").asDouble())
                .isNotEqualTo(rows.get(1).get("nll").asDouble());
        assertThat(rows.get(0).get("recipe").asText()).isEqualTo("base model");
    }

    @Test
    void speedIsToldAlsoOfSeveralMemories() throws IOException {
        Run run = speed("--texts", "4", "--memories", "2");
        assertThat(run.err()).isEmpty();
        JsonNode told = new ObjectMapper().readTree(run.out());
        for (String what : List.of("train", "prefill", "decode", "memories", "memories_by_turns")) {
            assertThat(told.get(what + "_tokens_per_second").asDouble())
                    .as(what)
                    .isPositive();
        }
        assertThat(speed("--texts", "1").out()).doesNotContain("memories");
        Run refused = speed("--texts", "2", "--memories", "3");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("3 memories").contains("2 texts");
    }

    private static Run speed(String... more) {
        String small =
                "bench speed --model " + MODEL + " --device cpu --batch 1 --length 16 --rank 2 --repeat 1 --json";
        return lift(Stream.concat(Stream.of((small + " --quiet").split(" ")), Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void anAnswerIsGivenAsSoonAsTheDocumentIsAbsorbed() throws IOException {
        Path document = Files.writeString(folder.resolve("gulls.txt"), "The crew counted gulls. ".repeat(60));
        Run run = lift(
                "absorb",
                document.toString(),
                "--out",
                folder.resolve("m").toString(),
                "--ask",
                "What was counted?",
                "--mode",
                "lift",
                "--max-tokens",
                "8",
                "--epochs",
                "1",
                "--quiet",
                "--device",
                "cpu",
                "--model",
                MODEL);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern("its first word came \\d+ s after the start")
                .contains("--recipe self-study");
    }

    @Test
    void aBaseIsFineTunedAndAbsorbedOn() throws IOException {
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        for (String ship : List.of("Petrel", "Gannet", "Auk")) {
            Files.writeString(corpus.resolve(ship + ".txt"), ("The " + ship + " sailed on a Monday. ").repeat(40));
        }
        Path base = folder.resolve("base");
        Run tuned = lift(
                "sft",
                corpus.toString(),
                "--out",
                base.toString(),
                "--recipe",
                "fast",
                "--epochs",
                "2",
                "--model",
                MODEL,
                "--device",
                "cpu",
                "--quiet",
                "--json");
        assertThat(tuned.err()).isEmpty();
        assertThat(new ObjectMapper()
                        .readTree(tuned.out())
                        .get("held_out_documents")
                        .asInt())
                .isEqualTo(1);
        Path memory = folder.resolve("m");
        Run absorbed = lift(
                "absorb",
                corpus.resolve("Auk.txt").toString(),
                "--base",
                base.toString(),
                "--epochs",
                "1",
                "--out",
                memory.toString(),
                "--device",
                "cpu",
                "--quiet");
        assertThat(absorbed.err()).isEmpty();
        Run asked = lift(
                "ask",
                memory.toString(),
                "When?",
                "--mode",
                "sft+lift+icl",
                "--max-tokens",
                "4",
                "--device",
                "cpu",
                "--quiet",
                "--json");
        assertThat(asked.err()).isEmpty();
        assertThat(new ObjectMapper().readTree(asked.out()).get("mode").asText())
                .isEqualTo("sft+lift+icl");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "recipe show slow | slow",
                "synthesize pom.xml --out x --recipe fast | makes no tasks",
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
            value = {"ask", "frobnicate", "absorb x --epochs many", "models", "bench", "recipe", "synthesize x"})
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
