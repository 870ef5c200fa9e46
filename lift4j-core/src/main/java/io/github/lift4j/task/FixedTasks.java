package io.github.lift4j.task;

import io.github.lift4j.engine.model.LanguageModel;
import java.util.List;

/** Tasks that are at hand: made by rule, or written by a person. Their answers are learned as they stand. */
public final class FixedTasks implements TaskSource {

    private final List<Task> tasks;
    private final HardAnswers answers;

    /** Tasks in the order in which they are units. */
    public FixedTasks(LanguageModel model, List<Task> tasks) {
        this.tasks = List.copyOf(tasks);
        this.answers = HardAnswers.of(model);
    }

    @Override
    public int units() {
        return tasks.size();
    }

    @Override
    public int tasksPerUnit() {
        return 1;
    }

    @Override
    public List<List<PreparedTask>> make(List<Integer> units) {
        return units.stream()
                .map(unit -> List.of(answers.prepared(tasks.get(unit))))
                .toList();
    }
}
