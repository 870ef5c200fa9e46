package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
 * </ul>
 */
public final class BenchmarkTask {

    /** What a text has to be in the way of {@code tasks.json}. */
    private record Entry(
            String benchmark,
            String name,
            LineLayout layout,
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
        String name = file.toAbsolutePath().getFileName().toString().toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(task -> name.startsWith(task.name()))
                .max(Comparator.comparingInt(task -> task.name().length()));
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
                entry.ask.fill(values), gold, evidence, kind, entry.prompt.around(entry.system, DOCUMENT_GAPS, values));
    }

    @Override
    public String toString() {
        return entry.name;
    }
}
