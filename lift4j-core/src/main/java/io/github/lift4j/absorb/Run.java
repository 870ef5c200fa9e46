package io.github.lift4j.absorb;

import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.training.Trainer;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.task.TaskJournal;
import io.github.lift4j.task.TaskSource;
import io.github.lift4j.task.TaskSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/** One absorb under way: the visible loop of segments, tasks, update, checkpoint. Owns what it trains; close it. */
final class Run implements AutoCloseable {

    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofSeconds(60);

    /** Units of tasks made together: a GPU is not filled by one passage's questions. */
    private static final int GPU_UNITS = 16;

    /** At most so many tokens go through a GPU at once. */
    private static final int GPU_BATCH_TOKENS = 32_768;

    private final LanguageModel model;
    private final Manifest manifest;
    private final Recipe recipe;
    private final Path folder;
    private final Checkpoint checkpoint;
    private final Progress progress;
    private final TokenFile tokens;
    private final Adapter adapter;
    private final Trainer trainer;
    private final SegmentBatches segments;
    private final Optional<TaskJournal> journal;
    private final Optional<TaskBatches> tasks;
    private final List<Double> losses;
    private final List<Double> taskLosses;

    Run(LanguageModel model, Manifest manifest, Path folder, Checkpoint checkpoint, Progress progress) {
        this.model = model;
        this.manifest = manifest;
        this.recipe = manifest.recipe();
        this.folder = folder;
        this.checkpoint = checkpoint;
        this.progress = progress;
        this.losses = new ArrayList<>(manifest.losses());
        this.taskLosses = new ArrayList<>(manifest.taskLosses());
        this.tokens = TokenFile.open(Memory.tokenFile(folder), manifest.tokens());
        this.segments = new SegmentBatches(tokens, recipe);
        this.journal = recipe.tasks().map(this::journal);
        this.tasks = journal.map(made -> new TaskBatches(
                model, manifest.title(), recipe.tasks().orElseThrow(), made, recipe.seed(), segments.steps()));
        this.adapter = recipe.adapter().rank() == 0
                ? FullWeights.of(model.transformer())
                : LoraAdapter.create(model.transformer(), recipe.adapter().lora(), new SplittableRandom(recipe.seed()));
        this.trainer = new Trainer(
                model.transformer(),
                adapter,
                recipe.training().optimiser(),
                OptionalDouble.of(recipe.training().clip()),
                onGpu() ? GPU_BATCH_TOKENS : Math.max(512, recipe.segments().length()));
    }

    private boolean onGpu() {
        return model.transformer().device() instanceof ComputeDevice.Cuda;
    }

    private TaskJournal journal(TaskSettings settings) {
        TaskSource source =
                TaskSources.of(model, manifest.title(), Memory.readText(folder), settings.sources(), recipe.seed());
        return TaskJournal.open(
                Memory.taskJournal(folder),
                source,
                TaskBatches.unitOrder(source.units(), recipe.seed()),
                onGpu() ? GPU_UNITS : 1);
    }

    /** Trains what is left to train and writes the memory. */
    Memory toTheEnd(boolean resumed) {
        if (resumed) {
            trainer.restore(checkpoint.state(losses.size()));
        }
        long started = System.nanoTime();
        long saved = started;
        long trained = 0;
        for (long step = losses.size(); step < segments.steps() && !learned(step); step++) {
            SegmentBatches.Batch batch = segments.at(step);
            List<TrainingExample> questions = tasks.isPresent() ? tasks.get().at(step) : List.of();
            losses.add(trainer.accumulate(batch.examples()));
            taskLosses.add(trainer.accumulate(questions)
                    / recipe.tasks().map(TaskSettings::gamma).orElse(1.0));
            trainer.update(recipe.training().schedule().at(step, segments.steps()));
            trained += batch.tokens()
                    + questions.stream().mapToLong(q -> q.tokens().length).sum();
            report(step + 1, trained, started);
            // Cleared while saving: an interrupt closes the channels that a thread writes to.
            boolean interrupted = Thread.interrupted();
            if (interrupted || System.nanoTime() - saved > BETWEEN_CHECKPOINTS.toNanos()) {
                checkpoint.save(manifest.withLosses(losses, taskLosses, seconds(started)), trainer);
                saved = System.nanoTime();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
                throw new CancellationException("The absorb was stopped after step " + (step + 1) + " of "
                        + segments.steps() + "; continue it with --resume.");
            }
        }
        journal.ifPresent(made -> Memory.writeTasks(folder, made.all()));
        Memory memory = Memory.write(folder, manifest.withLosses(losses, taskLosses, seconds(started)), adapter);
        checkpoint.delete();
        return memory;
    }

    private Manifest.Seconds seconds(long started) {
        double made = journal.map(TaskJournal::secondsMaking).orElse(0.0);
        double all = (System.nanoTime() - started) / 1e9;
        return new Manifest.Seconds(
                manifest.seconds().tasks() + made, manifest.seconds().training() + all - made);
    }

    /** Whether an epoch has just ended in which the document was learned as well as the recipe asks for. */
    private boolean learned(long step) {
        long epoch = segments.stepsPerEpoch();
        if (recipe.training().stopLoss() == 0 || step == 0 || step % epoch != 0) {
            return false;
        }
        double mean = losses.subList(Math.toIntExact(step - epoch), Math.toIntExact(step)).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        return mean <= recipe.training().stopLoss();
    }

    private void report(long step, long trained, long started) {
        double seconds = (System.nanoTime() - started) / 1e9;
        String asked = tasks.isPresent() ? String.format(Locale.ROOT, ", tasks %.3f", taskLosses.getLast()) : "";
        progress.advance(
                "Absorbing",
                step,
                segments.steps(),
                String.format(Locale.ROOT, "loss %.3f%s, %.0f tokens/s", losses.getLast(), asked, trained / seconds));
    }

    @Override
    public void close() {
        trainer.close();
        adapter.close();
        journal.ifPresent(TaskJournal::close);
        tokens.close();
    }
}
