package io.github.lift4j.report;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The report as one page that loads nothing: styles and figures are in it. Its template is {@code page.mustache}; all text of
 * data goes through Mustache's escaping, only the drawings do not.
 */
record HtmlPage(
        String title,
        List<String> introduction,
        List<TableView> tables,
        List<FigureView> figures,
        boolean undrawn,
        List<Listing> behind,
        List<Report.Fact> facts,
        Listing sizes,
        String suite,
        List<AnswerSections.SetSection> answers) {

    /** A table with its head in two lines. */
    record TableView(
            String id,
            String title,
            List<Span> tasks,
            List<String> measures,
            List<BlockView> blocks,
            List<String> notes) {

        boolean grouped() {
            return tasks.stream().anyMatch(task -> !task.name().isEmpty());
        }

        boolean empty() {
            return blocks.isEmpty();
        }
    }

    /** A heading over several columns. */
    record Span(String name, int columns) {}

    /** A model's rows. */
    record BlockView(String model, String remark, int columns, List<RowView> rows) {}

    /** A row. */
    record RowView(String mode, String recipe, List<CellView> cells) {}

    /** A figure as it stands in a page. */
    record FigureView(String id, String title, String svg, List<String> facts) {}

    static HtmlPage of(Report report, List<Figure> figures, int questions) {
        List<Answer> answers = Answer.of(report.results());
        return new HtmlPage(
                report.name(),
                List.of(Introduction.of(report).strip().split("\n\n")),
                report.tables().stream().map(HtmlPage::view).toList(),
                figures.stream().map(HtmlPage::view).toList(),
                figures.isEmpty(),
                Listing.behindFigures(report.results()).toList(),
                report.facts(),
                Listing.sizes(answers),
                report.suite(),
                AnswerSections.of(answers, questions));
    }

    private static TableView view(Table table) {
        return new TableView(
                table.id(),
                table.title(),
                spans(table),
                table.columns().stream().map(column -> column.measure().label()).toList(),
                table.blocks().stream().map(block -> view(table, block)).toList(),
                table.notes());
    }

    private static List<Span> spans(Table table) {
        List<Span> spans = new ArrayList<>();
        for (Table.Column column : table.columns()) {
            if (!spans.isEmpty() && spans.getLast().name().equals(column.task())) {
                spans.add(new Span(column.task(), spans.removeLast().columns() + 1));
            } else {
                spans.add(new Span(column.task(), 1));
            }
        }
        return spans;
    }

    private static BlockView view(Table table, Table.Block block) {
        return new BlockView(
                block.model(),
                block.remark(),
                table.columns().size() + 1,
                block.rows().stream()
                        .map(row -> new RowView(row.mode(), row.recipe(), CellView.of(table, row)))
                        .toList());
    }

    private static FigureView view(Figure figure) {
        return new FigureView(
                figure.id(),
                Introduction.number(figure) + figure.title(),
                figure.drawing().svgOnPage(figure.id(), figure.title(), figure.description()),
                figure.facts());
    }

    String text() {
        Mustache template = new DefaultMustacheFactory("io/github/lift4j/report").compile("page.mustache");
        StringWriter out = new StringWriter();
        template.execute(out, this);
        return out.toString();
    }
}
