package io.github.lift4j.evaluation.suite;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.needle.Haystack;
import io.github.lift4j.evaluation.needle.NeedleTrial;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.run.MachineSpeed;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * Does a unit of work: the same unit on the same data gives the same findings, on whatever machine of the same kind. Keeps
 * the model of the last unit loaded. Belongs to one thread; close it.
 */
public final class UnitWork implements AutoCloseable {

    /** Where in the data folder the texts lie that needles are hidden in, and inputs to be timed are cut of. */
    static final String HAYSTACK = "niah/PaulGrahamEssays";

    private final Path data;
    private final Path work;
    private final Function<String, Lift> models;
    private final Map<String, MachineSpeed> speeds = new HashMap<>();
    private final Set<String> warm = new HashSet<>();
    private String weights = "";
    private Optional<Lift> lift = Optional.empty();

    /**
     * Makes ready; nothing is loaded yet.
     *
     * @param data the folder of the benchmarks' files
     * @param work where memories are made
     * @param models loads a model by what {@link Unit#weights} says
     */
    public UnitWork(Path data, Path work, Function<String, Lift> models) {
        this.data = data;
        this.work = work;
        this.models = models;
    }

    /**
     * Does a unit. When the thread is interrupted, what an absorb has learned so far is kept for the next time.
     *
     * @throws LiftException where the unit cannot be done as it is
     * @throws CancellationException where the thread is interrupted
     */
    public Result of(Unit unit) {
        Lift model = model(unit.weights());
        return switch (unit) {
            case Unit.Reading reading -> new ReadingWork(model, data, work).of(reading);
            case Unit.Haystack haystack ->
                new NeedleTrial(model, Haystack.open(data.resolve(HAYSTACK))).of(haystack, work);
            case Unit.Speed speed -> timed(new SpeedWork(model, data, work), speed);
        };
    }

    private Result timed(SpeedWork speed, Unit.Speed unit) {
        if (warm.addAll(unit.modes())) {
            speed.warmUp(unit);
        }
        return speed.of(unit);
    }

    /** The model of that name, loaded; it stays this object's own. */
    Lift model(String wanted) {
        if (lift.isEmpty() || !weights.equals(wanted)) {
            close();
            lift = Optional.of(models.apply(wanted));
            weights = wanted;
            warm.clear();
        }
        return lift.get();
    }

    /** How fast a unit's model is here; measured once, which takes seconds. */
    MachineSpeed speed(Unit unit) {
        return speeds.computeIfAbsent(
                unit.weights(),
                wanted -> MachineSpeed.measure(model(wanted).model().transformer(), 2, 512, 16, 2));
    }

    @Override
    public void close() {
        lift.ifPresent(Lift::close);
        lift = Optional.empty();
    }
}
