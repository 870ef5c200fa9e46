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
import java.util.function.Function;
import java.util.stream.Stream;

/** Times one mode on one input. Its memory is thrown away: a time is only one from the very start. */
record SpeedWork(Lift lift, Path data, Path work) {

    /** What the first measurement of a process pays for, once for each mode. */
    void warmUp(Unit.Speed unit) {
        inNewFolder(folder -> {
            trial().warmUp(unit, folder);
            return unit;
        });
    }

    Result of(Unit.Speed unit) {
        long start = System.nanoTime();
        List<Finding> findings = inNewFolder(folder -> trial().of(unit, folder));
        return new Result(unit, new Effort(unit.tokens(), 0, 0, (System.nanoTime() - start) / 1e9), findings);
    }

    private EfficiencyTrial trial() {
        return new EfficiencyTrial(lift, Haystack.open(data.resolve(UnitWork.HAYSTACK)));
    }

    private <T> T inNewFolder(Function<Path, T> task) {
        Path folder = work.resolve("speed");
        delete(folder);
        try {
            return task.apply(folder);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
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
