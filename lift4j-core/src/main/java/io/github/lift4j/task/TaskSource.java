package io.github.lift4j.task;

import java.util.List;

/**
 * Makes the tasks of one document, one unit of it (a passage, a line of a file) at a time, so that training can begin
 * before all are made. What a unit gives depends on the document, the seed and the units made before it. Belongs to its
 * caller, who closes it.
 */
public interface TaskSource extends AutoCloseable {

    /** How many units there are. */
    int units();

    /** How many tasks a unit gives at most, at least 1. */
    int tasksPerUnit();

    /**
     * Makes the tasks of some units, which may be faster together.
     *
     * @return for each unit, in order, its tasks
     */
    List<List<PreparedTask>> make(List<Integer> units);

    /** Hears of tasks that an earlier run made, as if it had made them itself. */
    default void remember(List<Task> made) {}

    /** What making some units would take at most; nothing where no model is asked. */
    default Effort effort(List<Integer> units) {
        return Effort.NONE;
    }

    @Override
    default void close() {}
}
