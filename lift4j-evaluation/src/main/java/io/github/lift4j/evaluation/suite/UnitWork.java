package io.github.lift4j.evaluation.suite;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.needle.Haystack;
import io.github.lift4j.evaluation.needle.NeedleTrial;
import io.github.lift4j.evaluation.order.OrderTrial;
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

    private static final MachineSpeed PROVIDERS =
            new MachineSpeed(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    private final Path data;
    private final Path work;
    private final Function<String, Lift> models;
    private final ClosedModels closedModels;
    private final Map<String, MachineSpeed> speeds = new HashMap<>();
    private final Set<String> warm = new HashSet<>();
    private String weights = "";
    private Optional<Lift> lift = Optional.empty();

    /**
     * Makes ready; nothing is loaded yet.
     *
     * @param data the folder of the benchmarks' files
     * @param work where memories are made
     * @param models loads a model that runs here by what {@link Unit#weights} says
     */
    public UnitWork(Path data, Path work, Function<String, Lift> models, ClosedModels closedModels) {
        this.data = data;
        this.work = work;
        this.models = models;
        this.closedModels = closedModels;
    }

    /**
     * Does a unit. When the thread is interrupted, what an absorb has learned so far is kept for the next time.
     *
     * @throws LiftException where the unit cannot be done as it is
     * @throws CancellationException where the thread is interrupted
     */
    public Result of(Unit unit) {
        return switch (unit) {
            case Unit.Reading closed
            when closed.provider().isPresent() -> new ReadingWork(data, work).of(closed, closedModels);
            case Unit.Reading reading -> new ReadingWork(data, work).of(reading, model(reading.weights()));
            case Unit.Haystack haystack ->
                new NeedleTrial(model(haystack.weights()), Haystack.open(data.resolve(HAYSTACK)))
                        .of(haystack, own(haystack));
            case Unit.Order order ->
                new OrderTrial(model(order.weights()), Haystack.open(data.resolve(HAYSTACK))).of(order, own(order));
            case Unit.Speed speed -> timed(new SpeedWork(model(speed.weights()), data, own(speed)), speed);
        };
    }

    /**
     * Where the memories of a unit are made that no other asks. Needles at two depths may stand behind the same sentence, and
     * inputs to be timed start from nothing: who does one of them at the same time must find a folder of its own.
     */
    private Path own(Unit unit) {
        return work.resolve("own").resolve(unit.id());
    }

    /**
     * What a unit of a closed model asks of it, to say beforehand what that costs.
     *
     * @throws LiftException where the document is not there any more
     */
    public ClosedModels.Lesson lesson(Unit.Reading closed) {
        return new ReadingWork(data, work).lesson(closed);
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

    /**
     * How fast a unit's model is; measured once, which takes seconds. Nobody knows how much else a provider has to do: what
     * its models do counts as no time, until finished units tell.
     */
    MachineSpeed speed(Unit unit) {
        if (unit.provider().isPresent()) {
            return PROVIDERS;
        }
        return speeds.computeIfAbsent(
                unit.weights(),
                wanted -> MachineSpeed.measure(model(wanted).model().transformer(), MachineSpeed.Workload.SHORT));
    }

    @Override
    public void close() {
        lift.ifPresent(Lift::close);
        lift = Optional.empty();
    }
}
