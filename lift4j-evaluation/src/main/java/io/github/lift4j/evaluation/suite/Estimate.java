package io.github.lift4j.evaluation.suite;

import io.github.lift4j.absorb.AbsorbSpeed;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.evaluation.needle.NeedleTrial;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.run.MachineSpeed;
import io.github.lift4j.evaluation.suite.Plan.Step;
import io.github.lift4j.recipe.Recipe;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How long units take: the tokens that they train, read and write over the machine's speeds; then corrected by how long
 * finished units of the same kind and recipe took against that.
 */
final class Estimate {

    /** Texts that are written side by side take about as long as this part of them one after another. */
    private static final double SIDE_BY_SIDE = 4;

    /** Five passages have twenty joints of some 500 tokens. */
    private static final double TOKENS_BY_JOINTS = 20 * 500;

    private record Absorb(String weights, String text, Recipe recipe) {}

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

    /**
     * Seconds that each of some steps takes, none where it is finished. A memory that several share is absorbed with the
     * first of them, where no finished one did so before.
     *
     * @param open what is not finished
     */
    List<Double> seconds(List<Step> steps, Collection<Unit> open) {
        Set<Absorb> absorbed = new HashSet<>();
        steps.stream()
                .filter(step -> !open.contains(step.unit()))
                .flatMap(Estimate::shared)
                .forEach(absorbed::add);
        List<Double> seconds = new ArrayList<>();
        for (Step step : steps) {
            seconds.add(open.contains(step.unit()) ? seconds(step, absorbed) : 0);
        }
        return seconds;
    }

    private double seconds(Step step, Set<Absorb> absorbed) {
        Unit unit = step.unit();
        boolean there = shared(step).anyMatch(absorb -> !absorbed.add(absorb));
        double raw = asking(unit, step.load()) + (there ? 0 : absorbing(unit, step.load()));
        return raw * corrections.getOrDefault(kind(unit), 1.0);
    }

    /** The absorb of a step where others may use its memory too. */
    private static Stream<Absorb> shared(Step step) {
        return step.load().text().isEmpty()
                ? Stream.empty()
                : step.unit().recipe().stream()
                        .map(recipe ->
                                new Absorb(step.unit().weights(), step.load().text(), recipe));
    }

    private static String kind(Unit unit) {
        String where = unit.provider().isPresent() ? "closed " : "";
        return where + unit.getClass().getSimpleName() + " " + unit.recipeName();
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
            case Unit.Order order -> 0;
        };
        Load load = new Load(result.effort().tokens(), questions, answerTokens);
        return absorbing(unit, load) + asking(unit, load);
    }

    private double absorbing(Unit unit, Load load) {
        MachineSpeed speed = speeds.apply(unit);
        return unit.recipe()
                .map(recipe -> new AbsorbSpeed(speed.training(), writing(speed)).seconds(recipe, load.tokens()))
                .orElse(0.0);
    }

    private double asking(Unit unit, Load load) {
        MachineSpeed speed = speeds.apply(unit);
        return 1
                + unit.modes().stream()
                        .mapToDouble(mode -> asking(mode, load, speed))
                        .sum();
    }

    private static double asking(String mode, Load load, MachineSpeed speed) {
        if (mode.endsWith(":" + Way.JOINTS)) {
            return load.questions() * TOKENS_BY_JOINTS / speed.prefill();
        }
        double answers = load.questions() * load.answerTokens() / writing(speed);
        return answers + (inWindow(mode) ? load.tokens() / speed.prefill() : 0);
    }

    private static double writing(MachineSpeed speed) {
        return SIDE_BY_SIDE * speed.decode();
    }

    private static boolean inWindow(String mode) {
        return Mode.parse(mode.split(":", 2)[0]).document();
    }
}
