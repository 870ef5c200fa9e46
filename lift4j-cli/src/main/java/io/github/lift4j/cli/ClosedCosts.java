package io.github.lift4j.cli;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.ClosedModels;
import io.github.lift4j.evaluation.suite.Plan;
import io.github.lift4j.evaluation.suite.UnitWork;
import io.github.lift4j.remote.CostEstimate;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a suite's closed models are still to be paid for.
 *
 * @param open the units that are not finished
 */
record ClosedCosts(ClosedUnits closed, UnitWork work, List<Unit> open) {

    private static final String NAMING = "as the model's price in the suite";

    /** What steps cost, at most; empty where no closed model has anything to do in them. */
    Optional<CostEstimate> of(List<Plan.Step> steps) {
        return Optional.of(lessons(steps)).filter(lessons -> !lessons.isEmpty()).map(closed::cost);
    }

    static String words(CostEstimate cost) {
        return CostConfirmation.cost(cost, NAMING);
    }

    /**
     * Has a person agree to what steps cost.
     *
     * @param err where it is said
     * @param agreed whether the person did beforehand
     * @throws LiftException where the person does not agree
     */
    void confirm(List<Plan.Step> steps, PrintWriter err, boolean agreed) {
        String models = lessons(steps).stream()
                .map(ClosedModels.Lesson::unit)
                .map(ClosedUnits::name)
                .distinct()
                .collect(Collectors.joining(" and "));
        CostConfirmation confirmation = new CostConfirmation(err, "Teaching and asking " + models, NAMING, agreed);
        if (!of(steps).map(confirmation::test).orElse(true)) {
            throw new LiftException("The cost was not confirmed, so nothing was sent; run again to be asked again.");
        }
    }

    private List<ClosedModels.Lesson> lessons(List<Plan.Step> steps) {
        return steps.stream()
                .map(Plan.Step::unit)
                .filter(unit -> unit.provider().isPresent() && open.contains(unit))
                .map(Unit.Reading.class::cast)
                .map(work::lesson)
                .toList();
    }
}
