package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.SegmentSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lift bench efficiency} as a person types it, on a tiny model. */
class EfficiencyBenchTest {

    private record Run(int code, String out, String err) {}

    @TempDir
    private Path folder;

    @Test
    void bothModesAreTimedAndFitted() throws IOException {
        JsonNode told = new ObjectMapper().readTree(bench("--json").out());
        assertThat(told.get("timings")).hasSize(8).allSatisfy(timing -> {
            assertThat(timing.get("seconds").asDouble()).isPositive();
            assertThat(timing.get("out_of_memory").asBoolean()).isFalse();
        });
        assertThat(told.get("fits"))
                .hasSize(2)
                .allSatisfy(fit -> assertThat(fit.get("coefficients")).hasSize(2));
        assertThat(told.get("parabolas")).hasSize(2);
    }

    @Test
    void rowsAreShownWithTheFits() throws IOException {
        Run run = bench("--quiet");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("icl +100 +\\d")
                .containsPattern("lift +160 +\\d")
                .contains("straight line", "parabola");
    }

    @Test
    void anInputThatIsLongerThanTheWindowIsOnlyAbsorbed() throws IOException {
        String out = bench("--quiet", "--lengths", "5000").out();
        assertThat(out).contains("longer than the window").containsPattern("lift +5000 +\\d");
    }

    private Run bench(String... options) throws IOException {
        Path texts = Files.createDirectories(folder.resolve("texts"));
        Files.writeString(
                texts.resolve("gulls.txt"), "The crew of the Petrel counted gulls over the harbour. ".repeat(400));
        Path recipe = Files.writeString(
                folder.resolve("tiny.yaml"),
                RecipeFile.write(RecipeFile.named("fast").with(new SegmentSettings(64, 48, 2))));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] typed = {
            "bench", "efficiency", "--data", texts.toString(), "--lengths", "100,120,140,160", "--device", "cpu"
        };
        int code = Main.commandLine()
                .setOverwrittenOptionsAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.of(
                                typed,
                                new String[] {
                                    "--model", "../lift4j-core/src/test/resources/tiny", "--recipe", recipe.toString()
                                },
                                options)
                        .flatMap(Arrays::stream)
                        .toArray(String[]::new));
        return new Run(code, out.toString(), err.toString());
    }
}
