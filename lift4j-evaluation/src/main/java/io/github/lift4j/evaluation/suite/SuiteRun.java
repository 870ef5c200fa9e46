package io.github.lift4j.evaluation.suite;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.result.Environment;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.RunFolder;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.Plan.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Does what is not done yet, unit by unit, and keeps each result at once. Killed at any moment it can be called again, and
 * in the end the results are those of an unbroken run but for times.
 */
public final class SuiteRun {

    /** Hears how it goes. */
    public interface Listener {

        /**
         * A unit is finished and kept.
         *
         * @param done how many of this call's units there were so far
         * @param total how many there are
         * @param secondsLeft what the others may take
         */
        void finished(Result result, int done, int total, double secondsLeft);

        /** A unit could not be done; the others are. */
        void failed(Unit unit, LiftException why, int done, int total);
    }

    /** A unit that could not be done. */
    public record Failure(Unit unit, LiftException why) {}

    private final ResultStore store;
    private final UnitWork work;
    private final Listener listener;

    /** A run; whoever calls closes what is passed in. */
    public SuiteRun(ResultStore store, UnitWork work, Listener listener) {
        this.store = store;
        this.work = work;
        this.listener = listener;
    }

    /**
     * Refuses to mix runs: keeps under what a new run is made, or compares it with how an older one was, or another share of
     * it is at this moment.
     *
     * @throws LiftException where the folder's run is of another suite or was made otherwise
     */
    public static void begin(RunFolder folder, String suite, Environment now) {
        folder.alone(() -> {
            requireSuite(folder, suite);
            folder.begin(suite, folder.begun() ? folder.environment().joinedBy(now) : now);
        });
    }

    /**
     * Refuses to go on with another suite's run.
     *
     * @throws LiftException where a run of another suite was begun in the folder
     */
    public static void requireSuite(RunFolder folder, String suite) {
        if (folder.begun() && !folder.suite().equals(suite)) {
            throw new LiftException("The run in " + folder.path()
                    + " is of another suite, or the suite was changed since:" + " name another folder with --out.");
        }
    }

    /**
     * Does the steps that are not finished yet.
     *
     * @return what could not be done
     * @throws CancellationException where the thread is interrupted; what is finished is kept
     */
    public List<Failure> run(List<Step> steps) {
        List<Unit> open = store.open();
        List<Step> left = new ArrayList<>(
                steps.stream().filter(step -> open.contains(step.unit())).toList());
        List<Step> hopeful = new ArrayList<>(steps);
        List<Failure> failures = new ArrayList<>();
        int total = left.size();
        while (!left.isEmpty()) {
            Step step = left.removeFirst();
            int done = total - left.size();
            try {
                Result result = work.of(step.unit());
                store.add(result);
                listener.finished(
                        result,
                        done,
                        total,
                        secondsLeft(hopeful).stream()
                                .mapToDouble(Double::doubleValue)
                                .sum());
            } catch (LiftException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw (CancellationException) new CancellationException(e.getMessage()).initCause(e);
                }
                hopeful.remove(step);
                failures.add(new Failure(step.unit(), e));
                listener.failed(step.unit(), e, done, total);
            }
        }
        return List.copyOf(failures);
    }

    /**
     * Seconds that each step may take: none where it is finished. A memory that several share is absorbed with the first of
     * them.
     */
    public List<Double> secondsLeft(List<Step> steps) {
        List<Unit> open = store.open();
        return steps.stream().noneMatch(step -> open.contains(step.unit()))
                ? Collections.nCopies(steps.size(), 0.0)
                : Estimate.of(work::speed, store.results()).seconds(steps, open);
    }
}
