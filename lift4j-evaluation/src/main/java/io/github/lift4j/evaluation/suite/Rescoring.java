package io.github.lift4j.evaluation.suite;

import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.ResultStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Adds scores to a run's answers afterwards: a judge's, or one that needs a model of its own. */
public final class Rescoring {

    private Rescoring() {}

    /**
     * Scores what has no score of that name yet, and keeps each unit's at once. Only free text is scored: a choice or an
     * order needs no opinion.
     *
     * @param name of the score, such as {@code judge}
     * @param scorer gives for each answer a score or nothing, in their order
     * @return how many answers were scored
     */
    public static int add(ResultStore store, String name, Function<List<Finding.Scored>, List<OptionalDouble>> scorer) {
        int scored = 0;
        for (Result result : store.results()) {
            List<Finding.Scored> open = result.findings().stream()
                    .filter(Finding.Scored.class::isInstance)
                    .map(Finding.Scored.class::cast)
                    .filter(found -> isFreeText(found) && !found.scores().containsKey(name))
                    .toList();
            if (!open.isEmpty()) {
                Iterator<OptionalDouble> scores = scorer.apply(open).iterator();
                List<Finding> findings = new ArrayList<>();
                for (Finding finding : result.findings()) {
                    OptionalDouble score = finding instanceof Finding.Scored found && open.contains(found)
                            ? scores.next()
                            : OptionalDouble.empty();
                    findings.add(
                            score.isPresent() ? ((Finding.Scored) finding).with(name, score.getAsDouble()) : finding);
                    scored += score.isPresent() ? 1 : 0;
                }
                store.add(new Result(result.unit(), result.effort(), findings));
            }
        }
        return scored;
    }

    private static boolean isFreeText(Finding.Scored found) {
        return found.scores().containsKey("f1");
    }
}
