package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A task of a published benchmark. {@code tasks.json} holds them all, with the official prompts and answer lengths:
 *
 * <ul>
 *   <li>LooGLE (Li et al. 2023, github.com/bigai-nlco/LooGLE): {@code shortdep_qa}, {@code longdep_qa}, {@code
 *       shortdep_cloze}, {@code longdep_summarization}.
 *   <li>BAMBOO (Dong et al. 2023, github.com/RUCAIBox/BAMBOO): {@code showssort}, {@code reportsumsort}, {@code
 *       meetingqa}, {@code paperqa}, {@code meetingpred}, {@code showspred}, {@code senhallu}, {@code abshallu}, {@code
 *       altqa}. Its code completion needs a sandbox and is left out.
 *   <li>LongBench (Bai et al. 2023, github.com/THUDM/LongBench): the 16 English sets.
 *   <li>QuALITY (Pang et al. 2022, github.com/nyu-mll/quality): {@code quality}, the {@code htmlstripped} files, with a
 *       prompt of our own, for it publishes none.
 *   <li>QMSum (Zhong et al. 2021, github.com/Yale-LILY/QMSum): {@code qmsum_meetings}, the official {@code test.jsonl} in a
 *       folder {@code qmsum}, with LongBench's prompt, for it publishes none.
 * </ul>
 *
 * <p>Two are made of these files by a rule, for the paper's fourth table, which sorts events and passages:
 *
 * <ul>
 *   <li>{@code loogle_timeline}: those questions of {@code longdep_qa} whose type is {@code timeline_reorder} and which
 *       list events to be ordered; the events are numbered from 0 as BAMBOO does, and the answer is their order.
 *   <li>{@code quality_sorting}: each story of QuALITY once. Its sentences are parted into five stretches of one size; the
 *       three in the middle of each make a passage; the five are shuffled by a seed that the story's id gives. A story of
 *       fewer than 30 sentences is left out.
 * </ul>
 */
public final class BenchmarkTask {

    /** What a text has to be in the way of {@code tasks.json}. */
    private record Entry(
            String benchmark,
            String name,
            LineLayout layout,
            @Nullable String source,
            @JsonProperty("answer_tokens") int answerTokens,
            Template ask,
            String system,
            Template prompt) {}

    private static final Set<String> DOCUMENT_GAPS = Set.of("input", "content", "context");

    private static final List<BenchmarkTask> ALL = load();

    private final Entry entry;

    private BenchmarkTask(Entry entry) {
        this.entry = entry;
    }

    /** All tasks. */
    public static List<BenchmarkTask> all() {
        return ALL;
    }

    /**
     * Finds a task by its name.
     *
     * @throws LiftException where there is none
     */
    public static BenchmarkTask named(String name) {
        return ALL.stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LiftException("'" + name + "' is no benchmark task: use one of "
                        + ALL.stream().map(BenchmarkTask::name).collect(Collectors.joining(", ")) + "."));
    }

    /** Tells a task by the name that a file was published under, such as {@code showssort_4k.jsonl}. */
    public static Optional<BenchmarkTask> ofFile(Path file) {
        Path whole = file.toAbsolutePath();
        String name = whole.getFileName().toString().toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(task -> name.startsWith(task.name()))
                .max(Comparator.comparingInt(task -> task.name().length()))
                .or(() -> ALL.stream()
                        .filter(task -> task.isSource(whole) && task.isFolder(whole.getParent()))
                        .findFirst());
    }

    private boolean isSource(Path file) {
        return entry.source != null && file.getFileName().toString().matches(entry.source);
    }

    private boolean isFolder(@Nullable Path folder) {
        return folder != null
                && folder.getFileName() != null
                && folder.getFileName().toString().equalsIgnoreCase(entry.benchmark);
    }

    /** The file itself, or where there is none, the one in its folder that the task is read from; itself without either. */
    public Path publishedFile(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.exists(file) || folder == null || !Files.isDirectory(folder)) {
            return file;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(this::isSource).sorted().findFirst().orElse(file);
        } catch (IOException e) {
            throw new LiftException("The folder " + folder + " cannot be read: check the disk and the permissions.", e);
        }
    }

    private static List<BenchmarkTask> load() {
        try (InputStream in = BenchmarkTask.class.getResourceAsStream("tasks.json")) {
            return new ObjectMapper()
                    .readValue(in, new TypeReference<List<Entry>>() {}).stream()
                            .map(BenchmarkTask::new)
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The benchmark's name, as in its paper. */
    public String benchmark() {
        return entry.benchmark;
    }

    /** The task's official name. */
    public String name() {
        return entry.name;
    }

    /** Longest answer by the official settings, in tokens. */
    public int answerTokens() {
        return entry.answerTokens;
    }

    LineLayout layout() {
        return entry.layout;
    }

    /** Makes a question from what fills its prompts' gaps. */
    BenchmarkQuestion question(Map<String, String> values, Gold gold, List<String> evidence, String kind) {
        return new BenchmarkQuestion(
                entry.ask.fill(values),
                gold,
                evidence,
                kind,
                entry.prompt.around(entry.system, DOCUMENT_GAPS, values),
                List.of());
    }

    @Override
    public String toString() {
        return entry.name;
    }
}
