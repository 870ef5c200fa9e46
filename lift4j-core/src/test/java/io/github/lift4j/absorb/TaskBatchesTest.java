package io.github.lift4j.absorb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.document.Span;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.task.FixedTasks;
import io.github.lift4j.task.Task;
import io.github.lift4j.task.TaskJournal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskBatchesTest {

    private static LanguageModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        model = LanguageModel.load(
                "tiny", Path.of("src/test/resources/tiny"), ComputeDevice.parse("cpu"), ComputeType.FLOAT32);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void everyTaskComesOnceAnEpochAndTheStepsShareThemEvenly() {
        List<TrainingExample> all = new ArrayList<>();
        try (TaskJournal journal = journal(23, 5)) {
            TaskBatches batches = batches(journal, 2, 7, 5);
            for (long step = 0; step < 7; step++) {
                List<TrainingExample> examples = batches.at(step);
                assertThat(examples.size()).isBetween(6, 7);
                all.addAll(examples);
            }
        }
        List<List<Integer>> trained = all.stream().map(TaskBatchesTest::answer).toList();
        assertThat(trained).hasSize(46);
        trained.forEach(
                answer -> assertThat(Collections.frequency(trained, answer)).isEqualTo(2));
    }

    @Test
    void theLossIsGammaTimesTheMeanOverAnswerTokens() {
        try (TaskJournal journal = journal(9, 1)) {
            double sum = 0;
            int counted = 0;
            for (TrainingExample example : batches(journal, 1, 1, 1).at(0)) {
                for (float weight : example.weights()) {
                    sum += weight;
                    counted += weight > 0 ? 1 : 0;
                }
            }
            assertThat(sum).isCloseTo(0.5, within(1e-5));
            int answers = journal.all().stream()
                    .mapToInt(task -> model.tokenizer().encode(task.answer()).length)
                    .sum();
            assertThat(counted).isBetween(answers, answers + 9);
        }
    }

    @Test
    void theSeedFixesTheOrder() {
        try (TaskJournal one = journal(20, 3);
                TaskJournal other = journal(20, 4)) {
            assertThat(order(one, 3)).isEqualTo(order(one, 3)).isNotEqualTo(order(other, 4));
        }
    }

    private static List<List<Integer>> order(TaskJournal journal, long seed) {
        TaskBatches batches = batches(journal, 2, 4, seed);
        return IntStream.range(0, 4)
                .mapToObj(batches::at)
                .flatMap(List::stream)
                .map(TaskBatchesTest::answer)
                .toList();
    }

    private static List<Integer> answer(TrainingExample example) {
        return IntStream.range(0, example.tokens().length)
                .filter(i -> example.weights()[i] > 0)
                .mapToObj(i -> example.tokens()[i])
                .toList();
    }

    private static TaskBatches batches(TaskJournal journal, int epochs, long steps, long seed) {
        TaskSettings settings = new TaskSettings(0.5, epochs, List.of(new TaskSettings.File("unused")));
        return new TaskBatches(model, "Gulls", settings, journal, seed, steps);
    }

    private TaskJournal journal(int tasks, long seed) {
        List<Task> list = IntStream.range(0, tasks)
                .mapToObj(i -> new Task("Which is " + i + "?", "Number " + i, new Span(i, i), "own"))
                .toList();
        FixedTasks source = new FixedTasks(model, list);
        return TaskJournal.open(folder.resolve("tasks" + seed), source, TaskBatches.unitOrder(source.units(), seed), 4);
    }
}
