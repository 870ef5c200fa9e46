package io.github.lift4j.evaluation.suite;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.efficiency.EfficiencyTrial;
import io.github.lift4j.evaluation.needle.Haystack;
import io.github.lift4j.evaluation.result.Effort;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Times one mode on one input. Its memory is thrown away: a time is only one from the very start.
 *
 * @param folder nobody else's: it is emptied before and deleted behind
 */
record SpeedWork(Lift lift, Path data, Path folder) {

    /** What the first measurement of a process pays for, once for each mode. */
    void warmUp(Unit.Speed unit) {
        inNewFolder(() -> {
            trial().warmUp(unit, folder);
            return unit;
        });
    }

    Result of(Unit.Speed unit) {
        long start = System.nanoTime();
        List<Finding> findings = inNewFolder(() -> trial().of(unit, folder));
        return new Result(unit, new Effort(unit.tokens(), 0, 0, (System.nanoTime() - start) / 1e9), findings);
    }

    private EfficiencyTrial trial() {
        return new EfficiencyTrial(lift, Haystack.open(data.resolve(UnitWork.HAYSTACK)));
    }

    private <T> T inNewFolder(Supplier<T> task) {
        delete();
        try {
            return task.get();
        } finally {
            delete();
        }
    }

    private void delete() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LiftException("The folder " + folder + " cannot be emptied: delete it, and run again.", e);
        }
    }
}
