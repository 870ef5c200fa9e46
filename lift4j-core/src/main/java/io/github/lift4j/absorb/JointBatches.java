package io.github.lift4j.absorb;

import io.github.lift4j.document.Document;
import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.tokenizer.TokenStream;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.task.Effort;
import io.github.lift4j.task.TaskJournal;
import io.github.lift4j.task.TaskSource;
import io.github.lift4j.task.TaskSources;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One document's segments and tasks, batch by batch: {@code L_input} and {@code gamma * L_AT} of each step. Belongs to one
 * thread at a time; close it.
 */
public final class JointBatches implements AutoCloseable {

    /** Units of tasks made together: a GPU is not filled by one passage's questions. */
    private static final int GPU_UNITS = 16;

    /**
     * One step's examples.
     *
     * @param segments weighted so that their loss is the mean over target tokens
     * @param tasks weighted so that their loss is gamma times the mean over answer tokens; empty where there are none
     */
    public record Batch(List<TrainingExample> segments, List<TrainingExample> tasks) {

        /** Tokens that go through the model. */
        long tokens() {
            return segments.stream().mapToLong(s -> s.tokens().length).sum()
                    + tasks.stream().mapToLong(t -> t.tokens().length).sum();
        }
    }

    private final TokenFile tokens;
    private final SegmentBatches segments;
    private final Optional<TaskJournal> journal;
    private final Optional<TaskBatches> tasks;
    private final boolean onGpu;

    private JointBatches(
            TokenFile tokens,
            SegmentBatches segments,
            Optional<TaskJournal> journal,
            Optional<TaskBatches> tasks,
            boolean onGpu) {
        this.onGpu = onGpu;
        this.tokens = tokens;
        this.segments = segments;
        this.journal = journal;
        this.tasks = tasks;
    }

    /**
     * Writes a document's text and token ids into a folder, from which {@link #open} reads them.
     *
     * @return how many tokens it has
     * @throws LiftException where the document has fewer than 2 tokens or cannot be read, or the folder not written
     */
    public static long prepare(LanguageModel model, Document document, Path folder) {
        Memory.writeText(document, folder);
        return tokenise(model, document, folder, new int[0]);
    }

    /** The same behind what a memory holds: a text that begins with its own, and its tokens. */
    static long prepareBehind(LanguageModel model, String text, Memory before, Document document, Path folder) {
        Memory.writeText(text, document, folder);
        try (TokenFile known = before.tokens()) {
            return tokenise(model, document, folder, known.slice(0, Math.toIntExact(known.length())));
        }
    }

    private static long tokenise(LanguageModel model, Document document, Path folder, int[] before) {
        try (Reader text = document.open();
                TokenFile.Writer writer = TokenFile.create(Memory.tokenFile(folder))) {
            writer.append(before);
            long tokens = TokenStream.of(model.tokenizer()).encode(text, writer::append);
            if (tokens < 2) {
                throw new LiftException("The document " + document.source()
                        + " has fewer than 2 tokens: there is nothing to learn in it.");
            }
            writer.finish().close();
            return before.length + tokens;
        } catch (IOException e) {
            throw new LiftException(
                    "The document " + document.source() + " could not be read to its end: " + e.getMessage(), e);
        }
    }

    /**
     * Opens what {@link #prepare} wrote.
     *
     * @param length how many tokens there are
     * @param known what was absorbed before and comes first; only what is behind it is learned, and asked about
     * @param steps over which all tasks are spread; empty for as many as the recipe's epochs over the segments take
     */
    public static JointBatches open(
            LanguageModel model,
            String title,
            Recipe recipe,
            Path folder,
            long length,
            Optional<Manifest.Grown> known,
            Optional<Long> steps) {
        TokenFile tokens = TokenFile.open(Memory.tokenFile(folder), length);
        try {
            SegmentBatches segments = new SegmentBatches(
                    tokens, recipe, known.map(Manifest.Grown::tokens).orElse(0L));
            Optional<TaskJournal> journal =
                    recipe.tasks().map(settings -> journal(model, title, settings, recipe.seed(), folder, known));
            Optional<TaskBatches> tasks = journal.map(made -> new TaskBatches(
                    model, title, recipe.tasks().orElseThrow(), made, recipe.seed(), steps.orElse(segments.steps())));
            return new JointBatches(tokens, segments, journal, tasks, onGpu(model));
        } catch (RuntimeException e) {
            tokens.close();
            throw e;
        }
    }

    private static TaskJournal journal(
            LanguageModel model,
            String title,
            TaskSettings settings,
            long seed,
            Path folder,
            Optional<Manifest.Grown> known) {
        String text = Memory.readText(folder)
                .substring(Math.toIntExact(known.map(Manifest.Grown::characters).orElse(0L)));
        TaskSource source = TaskSources.of(model, title, text, settings.sources(), seed);
        return TaskJournal.open(
                Memory.taskJournal(folder),
                source,
                TaskBatches.unitOrder(source.units(), seed),
                onGpu(model) ? GPU_UNITS : 1);
    }

    private static boolean onGpu(LanguageModel model) {
        return model.transformer().device() instanceof ComputeDevice.Cuda;
    }

    /** Steps of the recipe's epochs over the segments. */
    public long steps() {
        return segments.steps();
    }

    /** Steps of one pass over the segments. */
    long stepsPerEpoch() {
        return segments.stepsPerEpoch();
    }

    /** The batch of a step, counted from 0; the segments begin anew behind the last step. */
    public Batch at(long step) {
        return new Batch(
                segments.at(step % segments.steps()).examples(),
                tasks.isPresent() ? tasks.get().at(step) : List.of());
    }

    /** Some segments of what was known before. */
    Batch sampleOfKnown(int most) {
        return new Batch(segments.sampleOfKnown(most).examples(), List.of());
    }

    /**
     * Makes tasks in front of training where that is faster: a GPU has room for both at once, a processor is filled by
     * either.
     */
    void makeTasksAhead() {
        if (onGpu) {
            journal.ifPresent(TaskJournal::runAhead);
        }
    }

    /** For how much of that time training waited. */
    double secondsWaited() {
        return journal.map(TaskJournal::secondsWaited).orElse(0.0);
    }

    /** What making tasks has taken since this was opened. */
    double secondsMaking() {
        return journal.map(TaskJournal::secondsMaking).orElse(0.0);
    }

    /** What making the tasks that are not made yet takes at most. */
    Effort effort() {
        return journal.map(TaskJournal::effort).orElse(Effort.NONE);
    }

    /** How long making the rest of the tasks takes, going by those made since this was opened; 0 before any was. */
    double secondsOfTasksLeft() {
        return journal.map(TaskJournal::secondsLeft).orElse(0.0);
    }

    /** Leaves the tasks made so far where a person can read them. */
    void writeTasks(Path folder) {
        journal.ifPresent(made -> Memory.writeTasks(folder, made.all()));
    }

    @Override
    public void close() {
        journal.ifPresent(TaskJournal::close);
        tokens.close();
    }
}
