package io.github.lift4j.task;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.lift4j.document.Span;
import io.github.lift4j.engine.LiftException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in a file, one JSON object a line:
 *
 * <pre>{"question":"Who kept the harbour's diary?","answer":"Aske.","start":120,"end":187,"source":"questions"}</pre>
 *
 * <p>{@code start} and {@code end} are the {@link Span} (UTF-16 units). A person who writes such a file may leave them
 * out, both (the span is then empty, at 0), and the {@code source} too (then {@code own}). Other keys are ignored, and so
 * are empty lines. The text is UTF-8; it is written so that every {@link String} comes back as it was, an unpaired
 * surrogate included.
 */
public final class TaskFile {

    private static final String OWN = "own";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final ObjectReader READER = JSON.readerFor(Line.class);
    private static final ObjectWriter WRITER = JSON.writerFor(Line.class);

    private TaskFile() {}

    /** What to do with a line that is no task. */
    public enum BrokenLine {
        /** Refuse the whole file, naming the line. */
        REFUSE,
        /** Count it and go on. */
        SKIP
    }

    /**
     * What a file holds.
     *
     * @param tasks in the file's order
     * @param skipped how many lines were no tasks; 0 unless they are to be skipped
     */
    public record Content(List<Task> tasks, int skipped) {

        public Content {
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * Reads a file whose every line must be a task.
     *
     * @throws LiftException where it cannot be read or a line is broken; the message names file and line
     */
    public static List<Task> read(Path file) {
        return read(file, BrokenLine.REFUSE).tasks();
    }

    /**
     * Reads a file.
     *
     * @throws LiftException where it cannot be read, or a line is broken and that is to be refused
     */
    public static Content read(Path file, BrokenLine policy) {
        List<Task> tasks = new ArrayList<>();
        int skipped = 0;
        // Latin-1 keeps each line's bytes as they are, so that it is Jackson who finds a line that is not UTF-8.
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                try {
                    tasks.add(parse(line.getBytes(StandardCharsets.ISO_8859_1)));
                } catch (Broken e) {
                    if (policy == BrokenLine.REFUSE) {
                        throw refusal(file, number, e);
                    }
                    skipped++;
                }
            }
        } catch (IOException e) {
            throw failed("read", file, e);
        }
        return new Content(tasks, skipped);
    }

    /**
     * Writes a file, which appears whole or not at all; one of that name is replaced.
     *
     * @throws LiftException where it cannot be written
     */
    public static void write(Path file, List<Task> tasks) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".partial");
        try {
            try {
                Files.deleteIfExists(temporary);
                try (Appender lines = append(temporary)) {
                    lines.addAll(tasks);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw failed("written", file, e);
        }
    }

    /**
     * Opens a file to add tasks at its end, and makes it where there is none. What a killed process left unfinished at
     * the end is cut off first; a last line that is whole but for its line end is kept.
     *
     * @throws LiftException where it cannot be opened for writing
     */
    public static Appender append(Path file) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            try {
                return new Appender(file, channel, endOfWholeLines(channel));
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw failed("written", file, e);
        }
    }

    /** Adds tasks to a file while they are made. One appender a file at a time; belongs to one thread at a time. */
    public static final class Appender implements AutoCloseable {

        private final Path file;
        private final FileChannel channel;
        private long end;

        private Appender(Path file, FileChannel channel, long end) {
            this.file = file;
            this.channel = channel;
            this.end = end;
        }

        /** Adds one task, which is on the disk when this returns. */
        public void add(Task task) {
            addAll(List.of(task));
        }

        /**
         * Adds tasks, which are on the disk when this returns.
         *
         * @throws LiftException where they cannot be written; what was added before stays whole
         */
        public void addAll(List<Task> tasks) {
            try {
                // Written at a place, not at the end: what a full disk cut short is written over by the next attempt.
                long position = end;
                for (Task task : tasks) {
                    position = writeAt(position, line(task));
                }
                channel.force(false);
                end = position;
            } catch (IOException e) {
                throw failed("written", file, e);
            }
        }

        @Override
        public void close() {
            // An interrupt has closed it already.
            if (!channel.isOpen()) {
                return;
            }
            try (channel) {
                channel.truncate(end);
            } catch (IOException e) {
                throw failed("written", file, e);
            }
        }

        private long writeAt(long start, byte[] line) throws IOException {
            long position = start;
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                position += channel.write(buffer, position);
            }
            return position;
        }
    }

    /** A line as it stands; what a person leaves out is null. */
    @JsonPropertyOrder({"question", "answer", "start", "end", "source"})
    private record Line(
            @Nullable String question,
            @Nullable String answer,
            @Nullable Long start,
            @Nullable Long end,
            @Nullable String source) {

        static Line of(Task task) {
            return new Line(
                    task.question(),
                    task.answer(),
                    task.span().start(),
                    task.span().end(),
                    task.source());
        }

        Task task() throws Broken {
            if (question == null || answer == null) {
                throw new Broken("it has no \"" + (question == null ? "question" : "answer") + "\"");
            }
            return new Task(question, answer, span(), source == null ? OWN : source);
        }

        private Span span() throws Broken {
            if (start == null && end == null) {
                return new Span(0, 0);
            }
            if (start == null || end == null) {
                throw new Broken("it has only one of \"start\" and \"end\"");
            }
            if (start < 0 || end < start) {
                throw new Broken("its text does not reach from " + start + " to " + end);
            }
            return new Span(start, end);
        }
    }

    /** Why a line is no task, as the end of a sentence. */
    private static final class Broken extends Exception {

        private static final long serialVersionUID = 1;

        Broken(String reason) {
            super(reason);
        }

        Broken(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    private static Task parse(byte[] line) throws Broken {
        try {
            // The word null is JSON too.
            @Nullable Line parsed = READER.readValue(line);
            if (parsed == null) {
                throw new Broken("it is null");
            }
            return parsed.task();
        } catch (JacksonException e) {
            throw new Broken("it is not a JSON object in UTF-8 with text for each key", e);
        } catch (IOException e) {
            throw new Broken("it cannot be read", e);
        }
    }

    private static byte[] line(Task task) throws IOException {
        String json = WRITER.writeValueAsString(Line.of(task));
        boolean encodable = StandardCharsets.UTF_8.newEncoder().canEncode(json);
        // UTF-8 has no bytes for half a surrogate pair, which a cut in a text can leave; JSON has an escape for it.
        String safe = encodable
                ? json
                : WRITER.with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(Line.of(task));
        return (safe + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Ends the last line or cuts it off, and says where the next one begins. */
    private static long endOfWholeLines(FileChannel channel) throws IOException {
        long size = channel.size();
        long start = startOfLastLine(channel, size);
        if (start == size) {
            return size;
        }
        ByteBuffer last = ByteBuffer.allocate(Math.toIntExact(size - start));
        for (int read = 0; read >= 0 && last.hasRemaining(); ) {
            read = channel.read(last, start + last.position());
        }
        if (isWhole(last.array())) {
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}), size);
            return size + 1;
        }
        channel.truncate(start);
        return start;
    }

    private static boolean isWhole(byte[] line) {
        try {
            parse(line);
            return true;
        } catch (Broken e) {
            return false;
        }
    }

    private static long startOfLastLine(FileChannel channel, long size) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(1 << 13);
        for (long end = size; end > 0; ) {
            long start = Math.max(0, end - block.capacity());
            block.clear().limit(Math.toIntExact(end - start));
            for (int read = 0; read >= 0 && block.hasRemaining(); ) {
                read = channel.read(block, start + block.position());
            }
            for (int i = block.position() - 1; i >= 0; i--) {
                if (block.get(i) == '\n') {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return 0;
    }

    private static LiftException refusal(Path file, int line, Broken e) {
        return new LiftException(
                "Line " + line + " of \"" + file + "\" is not a task, because " + e.getMessage()
                        + ": mend the line or remove it.",
                e);
    }

    private static LiftException failed(String what, Path file, IOException e) {
        String reason = switch (e) {
            case NoSuchFileException missing -> "there is no such file or folder";
            case AccessDeniedException denied -> "permission is denied";
            case ClosedByInterruptException interrupted -> "it was interrupted";
            default -> String.valueOf(e.getMessage());
        };
        return new LiftException("The task file \"" + file + "\" cannot be " + what + ": " + reason + ".", e);
    }
}
