package io.github.lift4j.task;

import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.prompt.UserTurn;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Tasks that are at hand: made by rule, or written by a person. Their answers are learned as they stand. */
public final class FixedTasks implements TaskSource {

    private final LanguageModel model;
    private final List<Task> tasks;
    private final Optional<Integer> endOfAnswer;

    /** Tasks in the order in which they are units. */
    public FixedTasks(LanguageModel model, List<Task> tasks) {
        this.model = model;
        this.tasks = List.copyOf(tasks);
        this.endOfAnswer = UserTurn.of(model).endOfAnswer();
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
        return units.stream().map(unit -> List.of(prepared(tasks.get(unit)))).toList();
    }

    private PreparedTask prepared(Task task) {
        int[] answer = IntStream.concat(
                        IntStream.of(model.tokenizer().encode(task.answer())),
                        endOfAnswer.stream().mapToInt(end -> end))
                .toArray();
        return new PreparedTask(task, answer, Optional.empty());
    }
}
