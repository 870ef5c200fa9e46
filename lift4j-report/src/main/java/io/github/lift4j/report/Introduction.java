package io.github.lift4j.report;

import java.util.stream.Collectors;

/** What a reader has to know before the first table. */
final class Introduction {

    private Introduction() {}

    static String of(Report report) {
        String models = report.results().stream()
                .map(result -> result.unit().model())
                .distinct()
                .collect(Collectors.joining(", "));
        String done = report.finished() == report.planned()
                ? "All " + Words.count(report.planned(), "planned unit") + " of work are finished."
                : Words.number(report.finished()) + " of " + Words.count(report.planned(), "planned unit")
                        + " of work are finished: the figures are of a part.";
        return (models.isEmpty() ? "" : "Model: " + models + ". ") + done + "\n\n"
                + "Scores are from 0 to 100, means over questions with their 95% bootstrap intervals; below about 20"
                + " questions the intervals are too narrow. NLL is of the gold answers, in nats a token: lower is better."
                + " A cell without data says so.\n";
    }

    /** The paper's number of a figure, as a title begins. */
    static String number(Figure figure) {
        return "Figure " + figure.id().charAt("figure-".length()) + ". ";
    }
}
