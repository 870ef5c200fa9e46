package io.github.lift4j.report;

import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
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
                + " A cell without data says so.\n"
                + closed(report);
    }

    private static String closed(Report report) {
        String models = report.results().stream()
                .map(Result::unit)
                .filter(unit -> unit.provider().isPresent())
                .map(Unit::model)
                .distinct()
                .collect(Collectors.joining(", "));
        return models.isEmpty()
                ? ""
                : "\nClosed, behind a provider's fine-tuning API: " + models
                        + ". There the NLL cannot be had, and no needles, order of segments, times or memory are measured.\n";
    }

    /** The paper's number of a figure, as a title begins. */
    static String number(Figure figure) {
        return "Figure " + figure.id().charAt("figure-".length()) + ". ";
    }
}
