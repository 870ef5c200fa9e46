package io.github.lift4j.report;

import io.github.lift4j.evaluation.suite.FixedOrder;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A cell in words.
 *
 * @param text the mean, or what stands in for it
 * @param range of the mean; empty where a single question has none
 * @param questions how many; empty where there is no score
 * @param nll of the gold answers; empty where there is none
 * @param order of a fixed order, or a mode's lead over that; empty where there is none
 * @param link to the answers; empty where there are none
 */
record CellView(String kind, String text, String range, String questions, String nll, String order, String link) {

    static List<CellView> of(Table table, Table.Row row) {
        return IntStream.range(0, row.cells().size())
                .mapToObj(i -> of(table.columns().get(i).measure(), row.cells().get(i)))
                .toList();
    }

    private static CellView of(Measure measure, Table.Cell cell) {
        return switch (cell) {
            case Table.Score score ->
                new CellView(
                        "score",
                        Words.figure(measure, score.mean().mean()),
                        score.questions() > 1 ? Words.range(measure, score.mean()) : "",
                        Words.count(score.questions(), "question"),
                        score.nll()
                                .map(nll -> "NLL " + Words.figure(Measure.NLL, nll.mean())
                                        + (score.questions() > 1 ? " (" + Words.range(Measure.NLL, nll) + ")" : ""))
                                .orElse(""),
                        score.lead().map(lead -> lead(measure, lead)).orElse(""),
                        score.answers());
            case Table.Fixed(FixedOrder fixed, String answers) ->
                new CellView(
                        "score",
                        Words.figure(measure, fixed.score().mean()),
                        fixed.questions() > 1 ? Words.range(measure, fixed.score()) : "",
                        Words.count(fixed.questions(), "question"),
                        "",
                        inWords(fixed),
                        answers);
            case Table.Printed printed ->
                new CellView("printed", String.format(Locale.ROOT, "%.2f", printed.value()), "", "", "", "", "");
            case Table.Missing missing -> new CellView("missing", missing.why(), "", "", "", "", "");
        };
    }

    private static String lead(Measure measure, FixedOrder.Lead lead) {
        return Words.lead(measure, lead.difference()) + " over " + lead.over() + ", "
                + Words.count(lead.questions(), "question");
    }

    /** The order, and how many questions it does not fit. */
    static String inWords(FixedOrder fixed) {
        return fixed.answer()
                + (fixed.leftOut() == 0 ? "" : ", " + Words.count(fixed.leftOut(), "other question") + " left out");
    }

    boolean ordered() {
        return !order.isEmpty();
    }

    boolean scored() {
        return !link.isEmpty();
    }

    boolean ranged() {
        return !range.isEmpty();
    }

    boolean likely() {
        return !nll.isEmpty();
    }

    String inWords() {
        return text
                + (range.isEmpty() ? "" : " (" + range + ")")
                + (questions.isEmpty() ? "" : ", " + questions)
                + (nll.isEmpty() ? "" : "; " + nll)
                + (order.isEmpty() ? "" : "; " + order);
    }
}
