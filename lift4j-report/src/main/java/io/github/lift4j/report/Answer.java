package io.github.lift4j.report;

import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import java.util.List;

/** An answer to a benchmark's question, and whose it is. */
record Answer(String model, String recipe, long seed, Finding.Scored found) {

    /** A question, whoever answers it. */
    record Question(String set, String document, int number) {}

    Question question() {
        return new Question(found.set(), found.document(), found.number());
    }

    /** All answers of a run, in the order of its results. */
    static List<Answer> of(List<Result> results) {
        return results.stream()
                .flatMap(result -> result.findings().stream()
                        .filter(Finding.Scored.class::isInstance)
                        .map(found -> of(result.unit(), (Finding.Scored) found)))
                .toList();
    }

    private static Answer of(Unit unit, Finding.Scored found) {
        return new Answer(unit.model(), unit.recipeName(), unit.seed(), found);
    }

    /** Whether a mode needs an absorb; a unit with a recipe may have other modes too. */
    static boolean absorbs(String mode) {
        return List.of(mode.split("[+:]")).contains("lift");
    }
}
