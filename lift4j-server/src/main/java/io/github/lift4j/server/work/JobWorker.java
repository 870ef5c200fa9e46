package io.github.lift4j.server.work;

import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.PeakMemory;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.server.answer.Precedence;
import io.github.lift4j.server.store.DataFolder;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.JobEvents;
import io.github.lift4j.server.store.JobQueue;
import io.github.lift4j.server.store.JobStatus;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.store.Store;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does the queue's jobs, one after the other, on a platform thread of its own. What the queue says a job's status is counts:
 * who pauses or cancels a job changes it there and then interrupts the work on it here.
 */
public final class JobWorker implements AutoCloseable {

    private static final Logger LOG = System.getLogger(JobWorker.class.getName());
    private static final Duration AFTER_A_DEFECT = Duration.ofSeconds(2);

    /** A job and who listens to it. */
    private record Current(Job job, JobProgress progress) {}

    private final DataFolder folder;
    private final JobQueue queue;
    private final JobEvents events;
    private final JobRun run;
    private final String base;
    private final Precedence precedence;
    private final Clock clock;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread = Thread.ofPlatform().name("jobs").unstarted(this::work);
    private @Nullable Current current;
    private volatile boolean closing;

    private JobWorker(
            LanguageModel model, Store store, Recipes recipes, Limits limits, Precedence precedence, Clock clock) {
        this.folder = store.folder();
        this.queue = store.jobs();
        this.events = store.events();
        this.run = new JobRun(model, store, recipes, limits);
        this.base = base(model);
        this.precedence = precedence;
        this.clock = clock;
    }

    /** What a job is begun on and has to be ended on: a model's weights and its data type. */
    public static String base(LanguageModel model) {
        return model.hash() + ":" + model.transformer().type();
    }

    /** Takes up what the last process has left, and begins to work; the caller closes it before the model. */
    public static JobWorker start(
            LanguageModel model, Store store, Recipes recipes, Limits limits, Precedence precedence, Clock clock) {
        JobWorker worker = new JobWorker(model, store, recipes, limits, precedence, clock);
        worker.takeUp();
        worker.thread.start();
        return worker;
    }

    private void takeUp() {
        for (Job job : queue.requeue()) {
            events.say(job.id(), "warn", "The service was started again: the job goes on from its last checkpoint.");
        }
        Set<String> wanted = queue.memories();
        for (Path home : folder.memoryFolders()) {
            if (wanted.contains(home.getFileName().toString())) {
                sweep(home);
            } else {
                DataFolder.delete(home);
            }
        }
    }

    private static void sweep(Path home) {
        try {
            Absorber.sweep(home);
        } catch (LiftException e) {
            // Its job, if it has one left, will say so; the others are not to wait for it.
            LOG.log(Level.WARNING, "a memory's folder could not be swept", e);
        }
    }

    /** Says that there is something new in the queue. */
    public void wake() {
        wake.release();
    }

    /** Stops the work on a job whose status has changed, if there is any. */
    public void stop(Job job) {
        synchronized (this) {
            if (current != null && current.job().id().equals(job.id())) {
                thread.interrupt();
                return;
            }
        }
        if (queue.status(job) == JobStatus.CANCELLED) {
            DataFolder.delete(folder.memory(job.memory()));
        }
    }

    /** When the job that is being done will end, in seconds since 1970. */
    public synchronized Optional<Long> expectedEnd(Job job) {
        return current != null && current.job().id().equals(job.id())
                ? current.progress().expectedEnd()
                : Optional.empty();
    }

    /** Whether jobs are being done. */
    public boolean alive() {
        return thread.isAlive() && !closing;
    }

    private void work() {
        boolean broken = false;
        while (!closing) {
            try {
                if (broken) {
                    // What ran then is still called running; nobody else works.
                    queue.requeue();
                    broken = false;
                }
                Optional<Job> next = queue.next(base);
                if (next.isPresent()) {
                    attend(next.get());
                } else {
                    wake.acquire();
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                // Closing, or a stop that came too late for its job.
                LOG.log(Level.DEBUG, "the worker was interrupted while it had nothing to do");
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the queue of jobs cannot be worked on", e);
                broken = true;
                pause();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(AFTER_A_DEFECT.toNanos());
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the worker was interrupted while it waited");
        }
    }

    private void attend(Job job) {
        JobProgress progress = new JobProgress(job.id(), events, precedence, clock);
        synchronized (this) {
            current = new Current(job, progress);
        }
        try {
            // It may have been stopped before it was the current one.
            if (queue.status(job) == JobStatus.RUNNING) {
                events.say(job.id(), "info", "The job is running.");
                succeed(job, run.absorb(job, progress));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            unlessStopped(job, e);
        } finally {
            synchronized (this) {
                current = null;
                // A stop that came too late is not meant for the next job.
                Thread.interrupted();
            }
        }
        if (queue.status(job) == JobStatus.CANCELLED) {
            DataFolder.delete(folder.memory(job.memory()));
        }
    }

    private void succeed(Job job, Memory memory) {
        if (queue.succeed(job, JobRun.trainedTokens(memory))) {
            events.say(
                    job.id(),
                    "info",
                    String.format(
                            Locale.ROOT,
                            "The memory %s is ready: loss %.3f -> %.3f in %d steps.",
                            job.memory(),
                            memory.manifest().losses().getFirst(),
                            memory.manifest().losses().getLast(),
                            memory.manifest().losses().size()));
        }
    }

    /** Fails a job, but for one that was paused or cancelled, or is to go on in the next process. */
    private void unlessStopped(Job job, Throwable e) {
        // Where it was interrupted, what follows must not be.
        Thread.interrupted();
        if (closing || queue.status(job) != JobStatus.RUNNING) {
            return;
        }
        Job.Failure why = failure(job, e);
        if (queue.fail(job, why)) {
            events.say(job.id(), "error", why.message());
            DataFolder.delete(folder.memory(job.memory()));
        }
    }

    private Job.Failure failure(Job job, Throwable e) {
        if (PeakMemory.ranOut(e)) {
            return new Job.Failure(
                    "out_of_memory", "There was not enough memory: use a recipe with shorter segments, or try later.");
        }
        if (e instanceof LiftException known) {
            String home = folder.memory(job.memory()).toString();
            return new Job.Failure(
                    "invalid_training_file", String.valueOf(known.getMessage()).replace(home, job.memory()));
        }
        LOG.log(Level.ERROR, "the job " + job.id() + " failed", e);
        return new Job.Failure("server_error", "Something is wrong in lift4j itself: the service's log says more.");
    }

    /** Stops the work, saves how far it came, and leaves the rest to the next process. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // The model may not be closed under it.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
