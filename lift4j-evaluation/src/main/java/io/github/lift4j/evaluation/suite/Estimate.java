package io.github.lift4j.evaluation.suite;

import io.github.lift4j.absorb.AbsorbSpeed;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.evaluation.needle.NeedleTrial;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.run.MachineSpeed;
import io.github.lift4j.evaluation.suite.Plan.Step;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How long units take: the tokens that they train, read and write over the machine's speeds; then corrected by how long
 * finished units of the same kind and recipe took against that.
 */
final class Estimate {

    /** Texts that are written side by side take about as long as this part of them one after another. */
    private static final double SIDE_BY_SIDE = 4;

    private final Function<Unit, MachineSpeed> speeds;
    private final Map<String, Double> corrections;

    private Estimate(Function<Unit, MachineSpeed> speeds, Map<String, Double> corrections) {
        this.speeds = speeds;
        this.corrections = corrections;
    }

    /**
     * An estimate.
     *
     * @param speeds how fast each unit's model is here
     * @param finished what is done, here as well
     */
    static Estimate of(Function<Unit, MachineSpeed> speeds, List<Result> finished) {
        Estimate raw = new Estimate(speeds, Map.of());
        return new Estimate(
                speeds,
                finished.stream()
                        .collect(Collectors.groupingBy(
                                result -> kind(result.unit()),
                                Collectors.teeing(
                                        Collectors.summingDouble(Estimate::spent),
                                        Collectors.summingDouble(raw::predicted),
                                        (spent, predicted) -> spent / predicted))));
    }

    /** Seconds that a unit takes. */
    double seconds(Step step) {
        return raw(step.unit(), step.load()) * corrections.getOrDefault(kind(step.unit()), 1.0);
    }

    /** Seconds that some units take. */
    double seconds(List<Step> steps) {
        return steps.stream().mapToDouble(this::seconds).sum();
    }

    private static String kind(Unit unit) {
        return unit.getClass().getSimpleName() + " " + unit.recipeName();
    }

    /** A unit that was broken off and gone on with took longer than its last part. */
    private static double spent(Result result) {
        return Math.max(
                result.effort().seconds(),
                result.effort().taskSeconds() + result.effort().trainingSeconds());
    }

    private double predicted(Result result) {
        Unit unit = result.unit();
        int questions =
                Math.ceilDiv(result.findings().size(), Math.max(1, unit.modes().size()));
        int answerTokens = switch (unit) {
            case Unit.Reading reading -> reading.answerTokens();
            case Unit.Haystack haystack -> NeedleTrial.ANSWER_TOKENS;
            case Unit.Speed speed -> 1;
        };
        return raw(unit, new Load(result.effort().tokens(), questions, answerTokens));
    }

    private double raw(Unit unit, Load load) {
        MachineSpeed speed = speeds.apply(unit);
        double writing = SIDE_BY_SIDE * speed.decode();
        double absorb = unit.recipe()
                .map(recipe -> new AbsorbSpeed(speed.training(), writing).seconds(recipe, load.tokens()))
                .orElse(0.0);
        double answers = load.questions() * load.answerTokens() / writing;
        double modes = unit.modes().stream()
                .mapToDouble(mode -> answers + (inWindow(mode) ? load.tokens() / speed.prefill() : 0))
                .sum();
        return absorb + modes + 1;
    }

    private static boolean inWindow(String mode) {
        return Mode.parse(mode.split(":", 2)[0]).document();
    }
}
