package io.github.lift4j.evaluation.result;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.ColumnNamingStrategy;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;

/**
 * Results as flat tables for other programs: {@code scored} (a row an answer), {@code scores} (a row a score of an answer),
 * {@code needles} and {@code timings}.
 */
public final class ResultTables {

    /** A kind of file. */
    public enum Format {
        /** Comma-separated, with a header, UTF-8. */
        CSV {
            @Override
            <T extends Record> void write(Path file, Class<T> type, List<T> rows) {
                CsvMapper mapper = CsvMapper.csvBuilder()
                        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                        .build();
                CsvSchema schema =
                        mapper.schemaFor(type).sortedBy(columns(type)).withHeader();
                AtomicFile.write(
                        file,
                        out -> mapper.writer(schema)
                                .writeValues(out)
                                .writeAll(rows)
                                .flush());
            }
        },
        /** Apache Parquet, not compressed. */
        PARQUET {
            @Override
            <T extends Record> void write(Path file, Class<T> type, List<T> rows) {
                AtomicFile.write(file, out -> {
                    try (CarpetWriter<T> writer = new CarpetWriter.Builder<>(out, type)
                            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
                            .withColumnNamingStrategy(ColumnNamingStrategy.SNAKE_CASE)
                            .build()) {
                        writer.write(rows);
                    }
                });
            }
        };

        abstract <T extends Record> void write(Path file, Class<T> type, List<T> rows);

        private static String[] columns(Class<? extends Record> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(component ->
                            PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName()))
                    .toArray(String[]::new);
        }
    }

    /** An answer; evidence passages are parted by empty lines. */
    public record ScoredRow(
            String model,
            String recipe,
            long seed,
            String set,
            String kind,
            String document,
            String title,
            int number,
            String mode,
            String question,
            String gold,
            String answer,
            String evidence) {}

    /** A score of an answer. */
    public record ScoreRow(
            String model,
            String recipe,
            long seed,
            String set,
            String kind,
            String document,
            int number,
            String mode,
            String metric,
            double score) {}

    /** A needle that was asked for. */
    public record NeedleRow(
            String model,
            String recipe,
            long seed,
            int tokens,
            double depth,
            String needle,
            String mode,
            String question,
            String gold,
            String answer,
            double recall,
            double nll) {}

    /** What an answer cost; nothing where it was not measured. */
    public record TimingRow(
            String model,
            String recipe,
            long seed,
            String mode,
            int tokens,
            int repetition,
            @Nullable Double seconds,
            @Nullable Long peakBytes,
            boolean outOfMemory) {}

    private ResultTables() {}

    /**
     * Writes the tables that have rows.
     *
     * @return their files
     * @throws LiftException where they cannot be written
     */
    public static List<Path> write(List<Result> results, Format format, Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new LiftException("The folder " + folder + " cannot be made: name another.", e);
        }
        return Stream.of(
                        write(
                                "scored",
                                ScoredRow.class,
                                results,
                                Finding.Scored.class,
                                ResultTables::scored,
                                format,
                                folder),
                        write(
                                "scores",
                                ScoreRow.class,
                                results,
                                Finding.Scored.class,
                                ResultTables::scores,
                                format,
                                folder),
                        write(
                                "needles",
                                NeedleRow.class,
                                results,
                                Finding.Needle.class,
                                ResultTables::needle,
                                format,
                                folder),
                        write(
                                "timings",
                                TimingRow.class,
                                results,
                                Finding.Timing.class,
                                ResultTables::timing,
                                format,
                                folder))
                .flatMap(List::stream)
                .toList();
    }

    private static <F extends Finding, T extends Record> List<Path> write(
            String name,
            Class<T> type,
            List<Result> results,
            Class<F> kind,
            BiFunction<Unit, F, Stream<T>> row,
            Format format,
            Path folder) {
        List<T> rows = results.stream()
                .flatMap(result -> result.findings().stream()
                        .filter(kind::isInstance)
                        .map(kind::cast)
                        .flatMap(finding -> row.apply(result.unit(), finding)))
                .toList();
        if (rows.isEmpty()) {
            return List.of();
        }
        Path file = folder.resolve(name + "." + format.name().toLowerCase(Locale.ROOT));
        format.write(file, type, rows);
        return List.of(file);
    }

    private static Stream<ScoredRow> scored(Unit unit, Finding.Scored found) {
        return Stream.of(new ScoredRow(
                unit.model(),
                unit.recipeName(),
                unit.seed(),
                found.set(),
                found.kind(),
                found.document(),
                found.title(),
                found.number(),
                found.mode(),
                found.question(),
                found.gold(),
                found.answer(),
                String.join("\n\n", found.evidence())));
    }

    private static Stream<ScoreRow> scores(Unit unit, Finding.Scored found) {
        return found.scores().entrySet().stream()
                .map(score -> new ScoreRow(
                        unit.model(),
                        unit.recipeName(),
                        unit.seed(),
                        found.set(),
                        found.kind(),
                        found.document(),
                        found.number(),
                        found.mode(),
                        score.getKey(),
                        score.getValue()));
    }

    private static Stream<NeedleRow> needle(Unit unit, Finding.Needle found) {
        return Stream.of(new NeedleRow(
                unit.model(),
                unit.recipeName(),
                unit.seed(),
                found.tokens(),
                found.depth(),
                found.needle(),
                found.mode(),
                found.question(),
                found.gold(),
                found.answer(),
                found.recall(),
                found.nll()));
    }

    private static Stream<TimingRow> timing(Unit unit, Finding.Timing found) {
        return Stream.of(new TimingRow(
                unit.model(),
                unit.recipeName(),
                unit.seed(),
                found.mode(),
                found.tokens(),
                found.repetition(),
                found.seconds().isPresent() ? found.seconds().getAsDouble() : null,
                found.peakBytes().isPresent() ? found.peakBytes().getAsLong() : null,
                found.outOfMemory()));
    }
}
