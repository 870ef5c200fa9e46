package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.document.Span;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.training.SoftTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskJournalTest {

    private static final List<Integer> ORDER = List.of(2, 0, 3, 1);

    @TempDir
    private Path folder;

    /** Unit u gives u tasks; notes what it is asked for. */
    private static class Counting implements TaskSource {

        private final List<Integer> asked = new ArrayList<>();
        private final List<Task> remembered = new ArrayList<>();

        @Override
        public int units() {
            return ORDER.size();
        }

        @Override
        public int tasksPerUnit() {
            return 3;
        }

        @Override
        public List<List<PreparedTask>> make(List<Integer> units) {
            asked.addAll(units);
            return units.stream().map(TaskJournalTest::tasks).toList();
        }

        @Override
        public void remember(List<Task> made) {
            remembered.addAll(made);
        }
    }

    private static List<PreparedTask> tasks(int unit) {
        List<PreparedTask> tasks = new ArrayList<>();
        for (int i = 0; i < unit; i++) {
            Task task = new Task("Où? " + unit + i, "Là \uD83D\uDE00", new Span(unit, unit + 9L), "self-study");
            tasks.add(new PreparedTask(
                    task,
                    new int[] {unit, i, 7},
                    i == 0
                            ? Optional.empty()
                            : Optional.of(new SoftTargets(1, new int[] {1, 2, i}, new float[] {1, 1, 1}))));
        }
        return tasks;
    }

    @Test
    void whatWasMadeIsNotMadeAgain() {
        Counting first = new Counting();
        try (TaskJournal journal = open(first, 1)) {
            same(journal.tasks(3), tasks(3));
            same(journal.tasks(2), tasks(2));
            same(journal.tasks(3), tasks(3));
        }
        assertThat(first.asked).containsExactly(2, 0, 3);
        Counting second = new Counting();
        try (TaskJournal journal = open(second, 2)) {
            assertThat(journal.made()).isEqualTo(3);
            same(journal.tasks(3), tasks(3));
            assertThat(second.asked).isEmpty();
            assertThat(second.remembered).hasSize(5);
            same(journal.tasks(1), tasks(1));
            assertThat(journal.all()).hasSize(6);
        }
        assertThat(second.asked).containsExactly(1);
    }

    @Test
    void whatAKillLeftIsCutOff() throws IOException {
        try (TaskJournal journal = open(new Counting(), 4)) {
            same(journal.tasks(1), tasks(1));
        }
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            try (TaskJournal journal = open(new Counting(), 1)) {
                for (int unit : ORDER) {
                    same(journal.tasks(unit), tasks(unit));
                }
            }
            assertThat(Files.size(file())).isEqualTo(whole.length);
        }
    }

    @Test
    void tasksMadeInFrontAreTheSameAndInTheSameOrder() {
        Counting source = new Counting();
        try (TaskJournal journal = open(source, 2)) {
            journal.runAhead();
            for (int unit : List.of(1, 3, 0, 2)) {
                same(journal.tasks(unit), tasks(unit));
            }
            assertThat(journal.all()).hasSize(6);
        }
        assertThat(source.asked).isEqualTo(ORDER);
    }

    @Test
    void whatGoesWrongInFrontIsToldToWhoWaits() {
        TaskSource broken = new Counting() {
            @Override
            public List<List<PreparedTask>> make(List<Integer> units) {
                if (units.contains(3)) {
                    throw new LiftException("the endpoint is down");
                }
                return super.make(units);
            }
        };
        try (TaskJournal journal = open(broken, 1)) {
            journal.runAhead();
            same(journal.tasks(0), tasks(0));
            assertThatThrownBy(() -> journal.tasks(1))
                    .isInstanceOf(LiftException.class)
                    .hasMessage("the endpoint is down");
        }
    }

    @Test
    void whoWaitsForTasksCanBeInterruptedAndClosingStopsTheMaking() {
        CountDownLatch never = new CountDownLatch(1);
        TaskSource slow = new Counting() {
            @Override
            public List<List<PreparedTask>> make(List<Integer> units) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new CancellationException();
                }
                return super.make(units);
            }
        };
        try (TaskJournal journal = open(slow, 1)) {
            journal.runAhead();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> journal.tasks(2)).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static void same(List<PreparedTask> found, List<PreparedTask> expected) {
        assertThat(found).usingRecursiveComparison().isEqualTo(expected);
    }

    private TaskJournal open(TaskSource source, int ahead) {
        return TaskJournal.open(file(), source, ORDER, ahead);
    }

    private Path file() {
        return folder.resolve("tasks.bin");
    }
}
