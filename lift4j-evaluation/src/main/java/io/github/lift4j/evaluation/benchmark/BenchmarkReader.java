package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a benchmark's file, one document at a time. Published sets have broken lines: such a line is remembered with its
 * number and passed over. Belongs to one thread; close it.
 */
public final class BenchmarkReader implements Iterator<BenchmarkDocument>, AutoCloseable {

    /** A document is one string of JSON, so the parser's limit on strings must not be a limit on documents. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final BenchmarkTask task;
    private final BufferedReader in;
    private final List<BadLine> badLines = new ArrayList<>();

    /** A task made of another's file may meet the same document twice. */
    private final Set<String> ids = new HashSet<>();

    private long line;
    private long documents;
    private @Nullable BenchmarkDocument next;

    private BenchmarkReader(Path file, BenchmarkTask task, BufferedReader in) {
        this.file = file;
        this.task = task;
        this.in = in;
    }

    /**
     * Opens a file whose name tells its task. Where there is none of that name, but in the same folder the published file
     * that the task is read from, then that: {@code loogle_timeline.jsonl} is made of {@code longdep_qa.jsonl}.
     *
     * @throws LiftException where the name tells no task, or where there is no such file
     */
    public static BenchmarkReader open(Path file) {
        BenchmarkTask task = BenchmarkTask.ofFile(file)
                .orElseThrow(() -> new LiftException("The name of " + file
                        + " does not tell which benchmark it is of: give it the name it was published under, such as"
                        + " longdep_qa.jsonl."));
        return open(task.publishedFile(file), task);
    }

    /**
     * Opens a file in a task's official format, one JSON object a line.
     *
     * @throws LiftException where there is no such file
     */
    public static BenchmarkReader open(Path file, BenchmarkTask task) {
        try {
            return new BenchmarkReader(file, task, Files.newBufferedReader(file));
        } catch (NoSuchFileException e) {
            throw new LiftException(
                    "There is no benchmark file " + file + ": get it from " + task.benchmark() + "'s own repository.",
                    e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The task whose format the file has. */
    public BenchmarkTask task() {
        return task;
    }

    /** The lines that could not be read so far. */
    public List<BadLine> badLines() {
        return List.copyOf(badLines);
    }

    /**
     * Whether there is another document.
     *
     * @throws LiftException where the file cannot be read, or has lines but none of them is of the task's format
     */
    @Override
    public boolean hasNext() {
        try {
            String text;
            while (next == null && (text = in.readLine()) != null) {
                line++;
                next = text.isBlank() ? null : read(text);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (next == null && documents == 0 && !badLines.isEmpty()) {
            throw new LiftException("No line of " + file + " is of " + task.benchmark() + "'s task " + task + " ("
                    + badLines.getFirst() + "): is it another set's file?");
        }
        return next != null;
    }

    @Override
    public BenchmarkDocument next() {
        BenchmarkDocument document = hasNext() ? next : null;
        if (document == null) {
            throw new NoSuchElementException();
        }
        next = null;
        documents++;
        return document;
    }

    private @Nullable BenchmarkDocument read(String text) {
        String name = file.toAbsolutePath().getFileName().toString();
        String id = name.replaceFirst("\\.jsonl?$", "") + ":" + line;
        try {
            JsonNode object = JSON.readTree(text);
            return task.layout()
                    .read(task, id, object)
                    .filter(document -> ids.add(document.id()))
                    .orElse(null);
        } catch (JacksonException e) {
            badLines.add(new BadLine(file, line, "invalid JSON: " + e.getOriginalMessage()));
        } catch (UnreadableLine e) {
            badLines.add(new BadLine(file, line, e.reason()));
        }
        return null;
    }

    private static LiftException unreadable(Path file, IOException e) {
        return new LiftException(
                e instanceof CharacterCodingException
                        ? file + " is not UTF-8 text, as every benchmark's file is: fetch it anew."
                        : file + " cannot be read: check the disk and the permissions.",
                e);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
