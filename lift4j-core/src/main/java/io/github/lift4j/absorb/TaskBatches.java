package io.github.lift4j.absorb;

import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.prompt.UserTurn;
import io.github.lift4j.prompt.Wording;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.segment.ShuffledOrder;
import io.github.lift4j.task.PreparedTask;
import io.github.lift4j.task.TaskJournal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tasks each step trains: every task {@code epochs} times, spread evenly over all steps. The order is a function of
 * the seed alone; where a task has not been made yet, training waits for it. The first time the tasks come unit by unit,
 * so that few must be made before the first step; after that they are shuffled one by one.
 */
final class TaskBatches {

    private final UserTurn turn;
    private final String title;
    private final TaskSettings settings;
    private final TaskJournal journal;
    private final long seed;
    private final long steps;
    private int epoch;
    private ShuffledOrder order;

    /** @param steps of the whole run */
    TaskBatches(LanguageModel model, String title, TaskSettings settings, TaskJournal journal, long seed, long steps) {
        this.turn = UserTurn.of(model);
        this.title = title;
        this.settings = settings;
        this.journal = journal;
        this.seed = seed;
        this.steps = steps;
        this.order = ShuffledOrder.of(journal.units(), seed, 0);
    }

    /** The order in which units are made and first trained. */
    static List<Integer> unitOrder(int units, long seed) {
        ShuffledOrder order = ShuffledOrder.of(units, seed, 0);
        List<Integer> list = new ArrayList<>(units);
        for (int i = 0; i < units; i++) {
            list.add(order.at(i));
        }
        return list;
    }

    /** The step's examples, weighted so that their loss is {@code gamma} times the mean over target tokens. */
    List<TrainingExample> at(long step) {
        long slots = (long) journal.units() * journal.tasksPerUnit();
        long total = slots * settings.epochs();
        List<PreparedTask> tasks = new ArrayList<>();
        Map<Integer, List<PreparedTask>> read = new HashMap<>();
        for (long at = step * total / steps; at < (step + 1) * total / steps; at++) {
            int place = place(Math.toIntExact(at / slots), Math.toIntExact(at % slots));
            List<PreparedTask> unit = read.computeIfAbsent(place / journal.tasksPerUnit(), journal::tasks);
            // A unit that gave fewer tasks than it could have leaves its last slots empty.
            unit.stream().skip(place % journal.tasksPerUnit()).findFirst().ifPresent(tasks::add);
        }
        long targets = tasks.stream().mapToLong(task -> task.answer().length).sum();
        float weight = (float) (settings.gamma() / Math.max(1, targets));
        return tasks.stream().map(task -> example(task, weight)).toList();
    }

    /** Which task a slot of an epoch holds, counted through all units. */
    private int place(int epoch, int slot) {
        int perUnit = journal.tasksPerUnit();
        return epoch == 0
                ? orderOf(0).at(slot / perUnit) * perUnit + slot % perUnit
                : orderOf(epoch).at(slot);
    }

    private ShuffledOrder orderOf(int epoch) {
        if (epoch != this.epoch) {
            this.epoch = epoch;
            order = ShuffledOrder.of(
                    epoch == 0 ? journal.units() : journal.units() * journal.tasksPerUnit(), seed, epoch);
        }
        return order;
    }

    private TrainingExample example(PreparedTask prepared, float weight) {
        int[] question = turn.encode(Wording.QUESTION.with(
                Map.of("title", title, "question", prepared.task().question())));
        int[] answer = prepared.answer();
        int[] tokens = Arrays.copyOf(question, question.length + answer.length);
        System.arraycopy(answer, 0, tokens, question.length, answer.length);
        float[] weights = new float[tokens.length];
        Arrays.fill(weights, question.length, tokens.length, weight);
        return new TrainingExample(tokens, weights, prepared.teacher());
    }
}
