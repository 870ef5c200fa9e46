package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.document.Span;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskFileTest {

    private static final Task FIRST = new Task("Who wrote \"no\"?", "Aske,\n twice.", new Span(3, 9), "cloze");
    private static final Task SECOND = new Task("Wer fror?", "Der Hafen \u2028 港", new Span(0, 0), "own");

    @Provide
    Arbitrary<Task> tasks() {
        Arbitrary<String> texts =
                Arbitraries.strings().withChars('\0', '\uFFFF').ofMaxLength(20);
        Arbitrary<Long> lengths = Arbitraries.longs().between(0, 1L << 40);
        return Combinators.combine(texts, texts, lengths, lengths, texts)
                .as((question, answer, start, length, source) ->
                        new Task(question, answer, new Span(start, start + length), source));
    }

    @Property(tries = 100)
    void givesBackAnyText(@ForAll @Size(max = 4) List<@From("tasks") Task> tasks) throws IOException {
        Path folder = Files.createTempDirectory("lift4j-tasks-");
        Path file = folder.resolve("tasks.jsonl");
        try {
            TaskFile.write(file, tasks);
            assertThat(TaskFile.read(file)).isEqualTo(tasks);
            Files.delete(file);
        } finally {
            // Nothing is left beside the file, or this fails.
            Files.delete(folder);
        }
    }

    @Test
    void givesBackHalfASurrogatePair(@TempDir Path folder) {
        Path file = folder.resolve("tasks.jsonl");
        Task cut = new Task("\uDEA2 ships?", "港 \uD83D\uDEA2 \uD83D", new Span(0, 1), "x");
        TaskFile.write(file, List.of(cut));
        assertThat(TaskFile.read(file)).containsExactly(cut);
    }

    @Property(tries = 100)
    void goesOnAfterAKillAnywhere(@ForAll @IntRange(min = 0, max = 400) int cut) throws IOException {
        Path file = Files.createTempFile("lift4j-tasks-", ".jsonl");
        try {
            TaskFile.write(file, List.of(FIRST, SECOND, FIRST, SECOND));
            byte[] whole = Files.readAllBytes(file);
            byte[] left = Arrays.copyOf(whole, Math.min(cut, whole.length));
            Files.write(file, left);
            try (TaskFile.Appender appender = TaskFile.append(file)) {
                appender.add(SECOND);
            }
            // A line that lacks nothing but its end counts as whole.
            long kept = wholeLines(whole, left.length);
            List<Task> expected = IntStream.range(0, Math.toIntExact(kept) + 1)
                    .mapToObj(i -> i == kept || i % 2 == 1 ? SECOND : FIRST)
                    .toList();
            assertThat(TaskFile.read(file)).isEqualTo(expected);
        } finally {
            Files.delete(file);
        }
    }

    private static long wholeLines(byte[] whole, int length) {
        return IntStream.range(0, whole.length)
                .filter(i -> whole[i] == '\n' && i <= length)
                .count();
    }

    @Test
    void isReadableWhileItGrows(@TempDir Path folder) {
        Path file = folder.resolve("tasks.jsonl");
        try (TaskFile.Appender appender = TaskFile.append(file)) {
            appender.add(FIRST);
            assertThat(TaskFile.read(file)).containsExactly(FIRST);
            appender.addAll(List.of(SECOND, FIRST));
            assertThat(TaskFile.read(file)).containsExactly(FIRST, SECOND, FIRST);
        }
    }

    @Test
    void findsTheLastLineBehindALongOne(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tasks.jsonl");
        Task overlong = new Task("?", "long ".repeat(5000), new Span(0, 1), "x");
        TaskFile.write(file, List.of(overlong, overlong));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));
        TaskFile.append(file).close();
        assertThat(TaskFile.read(file)).containsExactly(overlong);
    }

    @Test
    void takesAPersonsOwnFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("own.jsonl");
        Files.writeString(
                file,
                "\uFEFF{\"question\":\"Who?\",\"answer\":\"Aske\",\"note\":1}\r\n\n{\"answer\":\"b\",\"question\":\"ä\"}");
        assertThat(TaskFile.read(file))
                .containsExactly(
                        new Task("Who?", "Aske", new Span(0, 0), "own"), new Task("ä", "b", new Span(0, 0), "own"));
    }

    @Test
    void writesOneReadableLineATask(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("tasks.jsonl");
        TaskFile.write(file, List.of(new Task("Wer fror?", "Der Häfen", new Span(1, 4), "cloze")));
        assertThat(Files.readString(file))
                .isEqualTo("{\"question\":\"Wer fror?\",\"answer\":\"Der Häfen\",\"start\":1,\"end\":4,"
                        + "\"source\":\"cloze\"}\n");
    }

    @Test
    void namesFileAndLineOfWhatItRefuses(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("own.jsonl");
        for (String broken : List.of(
                "{\"question\":\"a\"}",
                "{\"answer\":\"a\"}",
                "[1]",
                "null",
                "{\"question\":\"a\",\"answer\":\"b\"} {}",
                "{\"question\":\"a\",\"answer\":\"b\",\"start\":4}",
                "{\"question\":\"a\",\"answer\":\"b\",\"start\":4,\"end\":3}",
                "{\"question\":\"a\",\"answer\":\"b\",\"start\":-1,\"end\":3}",
                "{\"question\":\"a\",\"answ")) {
            Files.writeString(file, "{\"question\":\"Who?\",\"answer\":\"Aske\"}\n" + broken + "\n");
            assertThatThrownBy(() -> TaskFile.read(file))
                    .as(broken)
                    .isInstanceOf(LiftException.class)
                    .hasMessageStartingWith("Line 2 of \"" + file + "\" is not a task, because ");
            TaskFile.Content content = TaskFile.read(file, TaskFile.BrokenLine.SKIP);
            assertThat(content.tasks()).hasSize(1);
            assertThat(content.skipped()).isEqualTo(1);
        }
    }

    @Test
    void refusesBytesThatAreNoUtf8(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("own.jsonl");
        Files.write(file, "{\"question\":\"ä\",\"answer\":\"b\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> TaskFile.read(file)).hasMessageContaining("Line 1 of");
    }

    @Test
    void saysWhatCannotBeOpened(@TempDir Path folder) {
        Path missing = folder.resolve("no").resolve("tasks.jsonl");
        assertThatThrownBy(() -> TaskFile.read(missing))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("cannot be read: there is no such file");
        assertThatThrownBy(() -> TaskFile.append(missing)).hasMessageContaining("cannot be written: there is no such");
        assertThatThrownBy(() -> TaskFile.write(missing, List.of(FIRST)))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("cannot be written");
    }
}
