package io.github.lift4j.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.evaluation.statistics.Interval;
import io.github.lift4j.evaluation.suite.FixedOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table as CSV, a line for each cell and each lead, in the units that the page prints. */
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
                    Place place = new Place(block, row, table.columns().get(i));
                    lines.addAll(place.lines(row.cells().get(i)));
                }
            }
        }
        return lines;
    }

    /** Where a cell stands. */
    private record Place(Table.Block block, Table.Row row, Table.Column column) {

        List<Line> lines(Table.Cell cell) {
            String measure = column.measure().label();
            return switch (cell) {
                case Table.Score score -> {
                    Line line = line(measure, score.mean(), score.questions(), score.nll(), "");
                    yield score.lead()
                            .map(lead -> List.of(
                                    line,
                                    line(
                                            measure + " over " + lead.over(),
                                            lead.difference(),
                                            lead.questions(),
                                            Optional.empty(),
                                            "")))
                            .orElse(List.of(line));
                }
                case Table.Fixed(FixedOrder fixed, String answers) ->
                    List.of(line(measure, fixed.score(), fixed.questions(), Optional.empty(), CellView.inWords(fixed)));
                case Table.Printed printed -> List.of(bare(printed.value(), block.remark()));
                case Table.Missing missing -> List.of(bare(null, missing.why()));
            };
        }

        private Line line(String measure, Interval mean, int questions, Optional<Interval> nll, String remark) {
            double scale = column.measure().scale();
            return new Line(
                    block.model(),
                    row.mode(),
                    row.recipe(),
                    column.task(),
                    measure,
                    mean.mean() * scale,
                    mean.low() * scale,
                    mean.high() * scale,
                    questions,
                    nll.map(Interval::mean).orElse(null),
                    nll.map(Interval::low).orElse(null),
                    nll.map(Interval::high).orElse(null),
                    remark);
        }

        private Line bare(@Nullable Double value, String remark) {
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
}
