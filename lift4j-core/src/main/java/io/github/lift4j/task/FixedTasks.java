package io.github.lift4j.task;

import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.prompt.UserTurn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tasks that are at hand: made by rule, or written by a person. Their answers are learned as they stand. */
public record FixedTasks(LanguageModel model, List<Task> tasks) implements TaskSource {

    public FixedTasks {
        tasks = List.copyOf(tasks);
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
        int[] answer = model.tokenizer().encode(task.answer());
        int[] ended = UserTurn.of(model)
                .endOfAnswer()
                .map(end -> {
                    int[] longer = Arrays.copyOf(answer, answer.length + 1);
                    longer[answer.length] = end;
                    return longer;
                })
                .orElse(answer);
        return new PreparedTask(task, ended, Optional.empty());
    }
}
