package io.github.lift4j.evaluation.result;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.jerolba.carpet.CarpetReader;
import io.github.lift4j.recipe.RecipeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTablesTest {

    private static final Finding ANSWER = new Finding.Scored(
            "loogle/shortdep_qa",
            "shortdep_qa",
            "shortdep_qa:1",
            "A \"title\", of\ntwo lines",
            1,
            "Who?",
            "Ada",
            "lift+icl",
            "Ada 😀",
            List.of("One.", "Two, three."),
            Map.of("f1", 0.5, "nll", 1.0 / 3));
    private static final Finding NOT_DONE =
            new Finding.Timing("icl", 99, 1, OptionalDouble.empty(), Map.of(), OptionalLong.empty(), true);

    private static final List<Result> RESULTS = List.of(
            new Result(
                    new Unit.Reading(
                            "tiny",
                            "tiny",
                            "loogle/shortdep_qa",
                            "shortdep_qa:1",
                            Optional.of(RecipeFile.named("fast")),
                            3,
                            List.of("lift+icl"),
                            6000,
                            64,
                            Optional.empty()),
                    new Effort(100, 1, 2, 4),
                    List.of(ANSWER)),
            new Result(
                    new Unit.Speed("tiny", "tiny", 99, 1, Optional.empty(), 0, List.of("icl")),
                    new Effort(99, 0, 0, 1),
                    List.of(NOT_DONE)));

    @TempDir
    private Path folder;

    @Test
    void csvHasARowAnAnswerAndARowAScore() throws IOException {
        assertThat(ResultTables.write(RESULTS, ResultTables.Format.CSV, folder))
                .extracting(file -> file.getFileName().toString())
                .containsExactly("scored.csv", "scores.csv", "timings.csv");
        assertThat(csv("scored.csv"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("recipe", "fast")
                        .containsEntry("title", "A \"title\", of\ntwo lines")
                        .containsEntry("answer", "Ada 😀")
                        .containsEntry("evidence", "One.\n\nTwo, three."));
        assertThat(csv("scores.csv"))
                .extracting(row -> row.get("metric") + "=" + row.get("score"))
                .containsExactly("f1=0.5", "nll=0.3333333333333333");
        assertThat(csv("timings.csv"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("seconds", "")
                        .containsEntry("peak_bytes", "")
                        .containsEntry("out_of_memory", "true"));
    }

    @Test
    void parquetHoldsTheSame() throws IOException {
        ResultTables.write(RESULTS, ResultTables.Format.PARQUET, folder);
        assertThat(new CarpetReader<>(folder.resolve("scores.parquet").toFile(), ResultTables.ScoreRow.class).toList())
                .extracting(ResultTables.ScoreRow::metric, ResultTables.ScoreRow::score)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("f1", 0.5),
                        org.assertj.core.groups.Tuple.tuple("nll", 1.0 / 3));
        assertThat(new CarpetReader<>(folder.resolve("timings.parquet").toFile(), Map.class).toList())
                .singleElement()
                .satisfies(row ->
                        assertThat(row).containsEntry("out_of_memory", true).containsEntry("peak_bytes", null));
    }

    private List<Map<String, String>> csv(String name) throws IOException {
        try (MappingIterator<Map<String, String>> rows = new CsvMapper()
                .readerFor(Map.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(folder.resolve(name).toFile())) {
            return rows.readAll();
        }
    }
}
