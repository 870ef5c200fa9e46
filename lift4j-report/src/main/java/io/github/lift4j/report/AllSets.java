package io.github.lift4j.report;

import io.github.lift4j.evaluation.suite.SuiteTable;
import java.util.List;

/** The table of all that was asked: every set in every mode, also what is in none of the paper's tables. */
final class AllSets {

    private AllSets() {}

    static Table of(List<Answer> answers) {
        List<Table.Block> blocks = answers.stream()
                .map(answer -> List.of(answer.found().set(), answer.model()))
                .distinct()
                .map(key -> block(
                        key.getFirst(),
                        key.getLast(),
                        answers.stream()
                                .filter(answer -> answer.found().set().equals(key.getFirst())
                                        && answer.model().equals(key.getLast()))
                                .toList()))
                .toList();
        return new Table(
                "all-sets",
                "All sets in all modes",
                List.of(new Table.Column("", new Measure("score")), new Table.Column("", Measure.JUDGE)),
                blocks,
                List.of());
    }

    private static Table.Block block(String set, String model, List<Answer> answers) {
        Measure measure = new Measure(SuiteTable.metric(answers.getFirst().found()));
        return new Table.Block(
                set,
                model + "; score: " + measure.label(),
                Way.of(answers).stream()
                        .map(way -> row(way, way.among(answers), measure, AnswerSections.anchor(set, "")))
                        .toList());
    }

    private static Table.Row row(Way way, List<Answer> answers, Measure measure, String link) {
        return new Table.Row(
                way.mode(),
                way.recipe(),
                List.of(Scores.cell(answers, measure, link), Scores.cell(answers, Measure.JUDGE, link)));
    }
}
