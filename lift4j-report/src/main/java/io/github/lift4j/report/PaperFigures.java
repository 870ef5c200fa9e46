package io.github.lift4j.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the paper's text prints (section 4.1, with Llama-3-8B-Instruct and GPT-4 as the judge). Its tables are pictures, so
 * there are no more.
 */
final class PaperFigures {

    private record Figure(int table, String mode, String task, Measure measure, double value) {}

    private static final String MODEL = "Llama-3-8B-Instruct";

    private static final List<Figure> ALL = List.of(
            new Figure(1, "icl", "ShortQA", Measure.JUDGE, 44.23),
            new Figure(1, "lift+icl", "ShortQA", Measure.JUDGE, 50.44),
            new Figure(1, "icl", "LongQA", Measure.JUDGE, 30.88),
            new Figure(1, "lift+icl", "LongQA", Measure.JUDGE, 33.42),
            new Figure(2, "icl", "NarrativeQA", Measure.F1, 20.73),
            new Figure(2, "lift+icl", "NarrativeQA", Measure.F1, 25.84),
            new Figure(3, "icl", "Comprehension & reasoning", Measure.JUDGE, 40.88),
            new Figure(3, "lift+icl", "Comprehension & reasoning", Measure.JUDGE, 44.83),
            new Figure(3, "icl", "Timeline reorder", Measure.JUDGE, 22.33),
            new Figure(3, "lift+icl", "Timeline reorder", Measure.JUDGE, 26.51));

    private PaperFigures() {}

    /** Whether a model of the run is the paper's. */
    static boolean isOf(String model) {
        return model.toLowerCase(Locale.ROOT).contains(MODEL.toLowerCase(Locale.ROOT));
    }

    /** The paper's rows of a table; empty where its text prints none of them. */
    static Optional<Table.Block> block(Layout layout, String remark) {
        List<Figure> figures =
                ALL.stream().filter(figure -> figure.table() == layout.number()).toList();
        List<Table.Row> rows = layout.modes().stream()
                .filter(mode ->
                        figures.stream().anyMatch(figure -> figure.mode().equals(mode)))
                .map(mode -> new Table.Row(
                        mode,
                        "",
                        layout.columns().stream()
                                .map(column -> cell(figures, mode, column))
                                .toList()))
                .toList();
        return rows.isEmpty() ? Optional.empty() : Optional.of(new Table.Block("The paper, " + MODEL, remark, rows));
    }

    private static Table.Cell cell(List<Figure> figures, String mode, Table.Column column) {
        return figures.stream()
                .filter(figure -> figure.mode().equals(mode)
                        && figure.task().equals(column.task())
                        && figure.measure().equals(column.measure()))
                .findFirst()
                .<Table.Cell>map(figure -> new Table.Printed(figure.value()))
                .orElse(new Table.Missing("not in the text"));
    }
}
