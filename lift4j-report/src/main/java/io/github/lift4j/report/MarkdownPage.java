package io.github.lift4j.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report as Markdown: tables, figures and how it was made, without the answers. */
record MarkdownPage(Report report, List<Figure> figures) {

    String text() {
        StringBuilder text = new StringBuilder("# lift4j: ")
                .append(escaped(report.name()))
                .append("\n\n")
                .append(Introduction.of(report))
                .append("\n");
        report.tables().forEach(table -> text.append(table(table)));
        figures.forEach(figure -> text.append(figure(figure)));
        text.append("\n## How it was made\n\n| | |\n|---|---|\n");
        report.facts().forEach(fact -> text.append(line(List.of(fact.name(), fact.value()))));
        text.append('\n').append(listing(Listing.sizes(Answer.of(report.results()))));
        return text.append("\n```yaml\n")
                .append(report.suite().stripTrailing())
                .append("\n```\n")
                .toString();
    }

    private static String table(Table table) {
        StringBuilder text = new StringBuilder("\n## " + table.title() + "\n\n");
        text.append(line(Stream.concat(
                        Stream.of("Model", "Mode"),
                        table.columns().stream()
                                .map(column ->
                                        (column.task() + " " + column.measure().label()).strip()))
                .toList()));
        text.append("|---|---|").append("---|".repeat(table.columns().size())).append('\n');
        for (Table.Block block : table.blocks()) {
            String model = block.remark().isEmpty() ? block.model() : block.model() + " (" + block.remark() + ")";
            for (Table.Row row : block.rows()) {
                text.append(line(Stream.concat(
                                Stream.of(model, new Way(row.mode(), row.recipe()).toString()),
                                CellView.of(table, row).stream().map(CellView::inWords))
                        .toList()));
            }
        }
        table.notes().forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private static String figure(Figure figure) {
        return "\n## " + Introduction.number(figure) + escaped(figure.title()) + "\n\n!["
                + escaped(figure.description())
                + "](figures/" + figure.id() + ".svg)\n\n"
                + figure.facts().stream()
                        .map(fact -> "- " + escaped(fact) + "\n")
                        .collect(Collectors.joining());
    }

    private static String listing(Listing listing) {
        return line(listing.columns())
                + "|" + "---|".repeat(listing.columns().size()) + "\n"
                + listing.rows().stream().map(row -> line(row.cells())).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return cells.stream().map(MarkdownPage::escaped).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** So that text of data stays text. */
    private static String escaped(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>|])", "\\\\$1").replaceAll("\\s+", " ");
    }
}
