package io.github.lift4j.absorb;

import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.transformer.TrainingPass;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.task.Effort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** One absorb under way: the visible loop of segments, tasks, update, checkpoint. Owns what it trains; close it. */
final class Run implements AutoCloseable {

    /** Segments by which forgetting is measured. */
    private static final int SAMPLE = 32;

    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofSeconds(60);

    private final Manifest manifest;
    private final Recipe recipe;
    private final Path folder;
    private final Checkpoint checkpoint;
    private final Progress progress;
    private final JointBatches batches;
    private final Learner learner;
    private final List<Double> losses;
    private final List<Double> taskLosses;

    /** Owns batches and learner from now on. */
    Run(
            Manifest manifest,
            JointBatches batches,
            Learner learner,
            Path folder,
            Checkpoint checkpoint,
            Progress progress) {
        this.manifest = manifest;
        this.recipe = manifest.recipe();
        this.batches = batches;
        this.learner = learner;
        this.folder = folder;
        this.checkpoint = checkpoint;
        this.progress = progress;
        this.losses = new ArrayList<>(manifest.losses());
        this.taskLosses = new ArrayList<>(manifest.taskLosses());
    }

    /** Trains what is left to train and writes the memory. */
    Memory toTheEnd(boolean resumed) {
        if (resumed) {
            learner.trainer().restore(checkpoint.state(losses.size()));
        }
        Effort effort = batches.effort();
        if (effort.requests() > 0) {
            progress.note(effort.toString());
        }
        if (learner.trainer().memory().again() == TrainingPass.Again.BLOCKS) {
            progress.note("The GPU has no room for all activations: they are computed again on the way back.");
        }
        batches.makeTasksAhead();
        long started = System.nanoTime();
        long saved = started;
        long trained = 0;
        for (long step = losses.size(); step < batches.steps() && !learned(step); step++) {
            JointBatches.Batch batch = batch(step, started);
            Learner.Loss loss = learner.step(batch, recipe.training().schedule().at(step, batches.steps()));
            losses.add(loss.segments());
            taskLosses.add(loss.tasks());
            trained += batch.tokens();
            report(step + 1, trained, started);
            if (Thread.currentThread().isInterrupted()) {
                throw stopped(step + 1, started);
            }
            if (System.nanoTime() - saved > BETWEEN_CHECKPOINTS.toNanos()) {
                save(started);
                saved = System.nanoTime();
            }
        }
        batches.writeTasks(folder);
        if (manifest.grown().isEmpty()) {
            learner.keep(recipe.training().keep());
        }
        Manifest finished = measured(manifest.withLosses(losses, taskLosses, seconds(started)));
        Memory memory = Memory.write(folder, finished, learner.adapter());
        checkpoint.delete();
        return memory;
    }

    /** A step's batch; whoever interrupts the making of its tasks loses no step. */
    private JointBatches.Batch batch(long step, long started) {
        try {
            return batches.at(step);
        } catch (CancellationException e) {
            throw stopped(step, started);
        }
    }

    private CancellationException stopped(long steps, long started) {
        // Cleared while saving: an interrupt closes the channels that a thread writes to.
        Thread.interrupted();
        save(started);
        Thread.currentThread().interrupt();
        return new CancellationException("The absorb was stopped after step " + steps + " of " + batches.steps()
                + "; continue it with --resume.");
    }

    private void save(long started) {
        checkpoint.save(manifest.withLosses(losses, taskLosses, seconds(started)), learner.trainer());
    }

    /** With what is now forgotten of what was known before. */
    private Manifest measured(Manifest trained) {
        return trained.grown()
                .map(known -> trained.withGrown(new Manifest.Grown(
                        known.tokens(), known.characters(), known.nllBefore(), Optional.of(nllOfKnown()))))
                .orElse(trained);
    }

    /** Mean negative log-likelihood of what was known before, in nats a token. */
    private double nllOfKnown() {
        return learner.loss(batches.sampleOfKnown(SAMPLE)).segments();
    }

    /** Measures what is known and saves the state, so that the run can be gone on with from its very beginning. */
    Manifest startFromKnown() {
        Manifest.Grown known = manifest.grown().orElseThrow();
        Manifest started = manifest.withGrown(
                new Manifest.Grown(known.tokens(), known.characters(), nllOfKnown(), Optional.empty()));
        checkpoint.save(started, learner.trainer());
        return started;
    }

    private Manifest.Seconds seconds(long started) {
        double training = (System.nanoTime() - started) / 1e9 - batches.secondsWaited();
        return new Manifest.Seconds(
                manifest.seconds().tasks() + batches.secondsMaking(),
                manifest.seconds().training() + training);
    }

    /** Whether an epoch has just ended in which the document was learned as well as the recipe asks for. */
    private boolean learned(long step) {
        long epoch = batches.stepsPerEpoch();
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
        String asked =
                recipe.tasks().isPresent() ? String.format(Locale.ROOT, ", tasks %.3f", taskLosses.getLast()) : "";
        double left = batches.secondsOfTasksLeft();
        String made = left > 0 ? String.format(Locale.ROOT, ", %.0f s of making tasks left", left) : "";
        progress.measure("loss", losses.getLast());
        progress.measure("tokens_per_second", trained / seconds);
        if (recipe.tasks().isPresent()) {
            progress.measure("task_loss", taskLosses.getLast());
        }
        progress.advance(
                "Absorbing",
                step,
                batches.steps(),
                String.format(
                        Locale.ROOT, "loss %.3f%s, %.0f tokens/s%s", losses.getLast(), asked, trained / seconds, made));
    }

    @Override
    public void close() {
        learner.close();
        batches.close();
    }
}
