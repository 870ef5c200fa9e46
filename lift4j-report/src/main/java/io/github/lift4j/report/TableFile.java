package io.github.lift4j.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.evaluation.statistics.Interval;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table as CSV, a line for each cell, in the units that the page prints. */
final class TableFile {

    private static final String[] COLUMNS = {
        "model",
        "mode",
        "recipe",
        "task",
        "measure",
        "mean",
        "low",
        "high",
        "questions",
        "nll",
        "nll_low",
        "nll_high",
        "remark"
    };

    private record Line(
            String model,
            String mode,
            String recipe,
            String task,
            String measure,
            @Nullable Double mean,
            @Nullable Double low,
            @Nullable Double high,
            @Nullable Integer questions,
            @Nullable Double nll,
            @Nullable Double nllLow,
            @Nullable Double nllHigh,
            String remark) {}

    private TableFile() {}

    static void write(Table table, Path file) {
        List<Line> lines = lines(table);
        CsvMapper mapper = CsvMapper.csvBuilder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        CsvSchema schema = mapper.schemaFor(Line.class).sortedBy(COLUMNS).withHeader();
        AtomicFile.write(
                file,
                out -> mapper.writer(schema).writeValues(out).writeAll(lines).flush());
    }

    private static List<Line> lines(Table table) {
        List<Line> lines = new ArrayList<>();
        for (Table.Block block : table.blocks()) {
            for (Table.Row row : block.rows()) {
                for (int i = 0; i < row.cells().size(); i++) {
                    lines.add(
                            line(block, row, table.columns().get(i), row.cells().get(i)));
                }
            }
        }
        return lines;
    }

    private static Line line(Table.Block block, Table.Row row, Table.Column column, Table.Cell cell) {
        Measure measure = column.measure();
        return switch (cell) {
            case Table.Score score -> {
                Interval mean = score.mean();
                Optional<Interval> nll = score.nll();
                yield new Line(
                        block.model(),
                        row.mode(),
                        row.recipe(),
                        column.task(),
                        measure.label(),
                        mean.mean() * measure.scale(),
                        mean.low() * measure.scale(),
                        mean.high() * measure.scale(),
                        score.questions(),
                        nll.map(Interval::mean).orElse(null),
                        nll.map(Interval::low).orElse(null),
                        nll.map(Interval::high).orElse(null),
                        "");
            }
            case Table.Printed printed -> bare(block, row, column, printed.value(), block.remark());
            case Table.Missing missing -> bare(block, row, column, null, missing.why());
        };
    }

    private static Line bare(
            Table.Block block, Table.Row row, Table.Column column, @Nullable Double value, String remark) {
        return new Line(
                block.model(),
                row.mode(),
                row.recipe(),
                column.task(),
                column.measure().label(),
                value,
                null,
                null,
                null,
                null,
                null,
                null,
                remark);
    }
}
