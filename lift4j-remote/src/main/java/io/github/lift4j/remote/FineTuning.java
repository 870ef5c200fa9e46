package io.github.lift4j.remote;

import io.github.lift4j.document.Document;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.task.Task;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Teaches a closed model a document through its provider's fine-tuning API (the paper's GPT-3.5-turbo, section 4): the
 * segments and tasks become a training file, the file is uploaded, and a job is made of it and looked after.
 *
 * <p>The folder holds the document, the training file and {@code remote.json}, which says how far it has come. After a
 * restart, {@link #train} with the same document or {@link #resume} goes on there. An interruption stops looking after
 * the job, not the job; {@link #cancel} stops the job.
 *
 * <p>Belongs to one thread at a time, {@link #cancel} excepted.
 */
public final class FineTuning implements AutoCloseable {

    private static final String TRAINING = "training.jsonl";
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);
    private static final Pattern STEP = Pattern.compile("(?i)step (\\d{1,9})/(\\d{1,9})");

    private final Connection connection;
    private final Jobs jobs;
    private final Path folder;

    FineTuning(Connection connection, Path folder) {
        this.connection = connection;
        this.jobs = new Jobs(connection);
        this.folder = folder;
    }

    /**
     * Makes ready; nothing is written or sent yet.
     *
     * @param folder of the memory, made where there is none
     * @param random spreads the pauses between tries; not to be used elsewhere meanwhile
     */
    public static FineTuning open(Endpoint endpoint, Path folder, RandomGenerator random) {
        return new FineTuning(new Connection(endpoint, Patience.real(random)), folder);
    }

    /**
     * Trains until the model is tuned, or goes on with what was begun in the folder. After a failed or cancelled job
     * another one is made of the same file.
     *
     * @param confirmation is asked before anything is uploaded and before another job is made, and not when a confirmed one
     *     goes on
     * @return the tuned model's name
     * @throws LiftException where the folder holds other work, the confirmation was refused, or the provider fails
     */
    public String train(
            Document document,
            List<Task> tasks,
            FineTuningPlan plan,
            Predicate<CostEstimate> confirmation,
            Progress progress) {
        RemoteState state = prepared(document, tasks, plan, confirmation);
        return finish(state, progress);
    }

    /**
     * What {@link #train} would ask to be confirmed; nothing is written or sent.
     *
     * @param folder of the memory
     * @return nothing to pay where a confirmed job goes on
     */
    public static CostEstimate estimate(Path folder, Document document, List<Task> tasks, FineTuningPlan plan) {
        boolean costs = RemoteState.read(folder).map(RemoteState::costsMore).orElse(true);
        long tokens = costs ? TrainingFile.of(document, tasks, plan).tokens() : 0;
        return CostEstimate.ofTraining(tokens, plan.epochs(), plan.tariff());
    }

    /**
     * Goes on with what was confirmed and uploaded before.
     *
     * @return the tuned model's name
     * @throws LiftException where nothing was uploaded yet, or the job ended without a model
     */
    public String resume(Progress progress) {
        RemoteState state = RemoteState.require(folder, connection.endpoint());
        if (state.uploadedFile().isEmpty()) {
            throw new LiftException("Nothing was uploaded from " + folder
                    + " yet: train the model on the document again, and confirm its cost.");
        }
        if (state.jobId() != null && state.livingJob().isEmpty()) {
            throw new LiftException("The job " + state.jobId() + " of " + folder + " ended as " + state.status()
                    + ": train the model on the document again to make another.");
        }
        return finish(state, progress);
    }

    /**
     * Stops the job; what was trained until then is lost.
     *
     * @throws LiftException where there is no job that could be stopped
     */
    public void cancel() {
        RemoteState state = RemoteState.require(folder, connection.endpoint());
        String job = state.jobUnderWay()
                .orElseThrow(() -> new LiftException("There is no job under way in " + folder + " (it is "
                        + state.status() + "): there is nothing to cancel."));
        state.advanced(jobs.cancel(job)).write(folder);
    }

    /**
     * How far the folder's fine-tuning has come; looks at its job where that is under way, and waits for nothing.
     *
     * @throws LiftException where the folder holds no fine-tuning of this endpoint, or the provider fails
     */
    public FineTuningStatus status() {
        RemoteState state = RemoteState.require(folder, connection.endpoint());
        if (state.jobUnderWay().isEmpty()) {
            return FineTuningStatus.of(state, Optional.empty());
        }
        Job job = jobs.retrieve(state.jobUnderWay().get());
        Optional<String> said = job.error().or(() -> jobs.latestEvent(job.id()));
        return FineTuningStatus.of(state.advanced(job).write(folder), said);
    }

    private RemoteState prepared(
            Document document, List<Task> tasks, FineTuningPlan plan, Predicate<CostEstimate> confirmation) {
        Path candidate = folder.resolve(TRAINING + ".new");
        TrainingFile file = TrainingFile.write(candidate, document, tasks, plan);
        RemoteState wanted = RemoteState.prepared(
                document.title(),
                file.sha256(),
                tasks.size(),
                connection.endpoint().baseUrl(),
                plan);
        RemoteState state = RemoteState.read(folder).orElse(wanted);
        if (state.uploadedFile().isEmpty()) {
            rename(candidate, folder.resolve(TRAINING));
            writeText(document);
            state = wanted.write(folder);
        } else {
            delete(candidate);
            requireSame(state, wanted);
        }
        if (state.costsMore()
                && !confirmation.test(CostEstimate.ofTraining(file.tokens(), plan.epochs(), plan.tariff()))) {
            throw new LiftException("The cost was not confirmed, so nothing was sent; train again to be asked again.");
        }
        return state;
    }

    private void requireSame(RemoteState state, RemoteState wanted) {
        if (!state.sameWorkAs(wanted)) {
            throw new LiftException(folder + " holds another fine-tuning (of \"" + state.title() + "\" on "
                    + state.baseModel() + " at " + state.baseUrl()
                    + "): choose another folder, or give the same document, tasks and plan.");
        }
    }

    private String finish(RemoteState begun, Progress progress) {
        RemoteState state = begun;
        if (state.uploadedFile().isEmpty()) {
            progress.advance("Uploading the training file", 0, 1, "");
            state = state.uploaded(jobs.upload(folder.resolve(TRAINING))).write(folder);
            progress.advance("Uploading the training file", 1, 1, "");
        }
        if (state.livingJob().isEmpty()) {
            String file = state.uploadedFile().orElseThrow();
            state = state.advanced(jobs.create(file, state)).write(folder);
        }
        return state.tunedModel().isPresent() ? state.tunedModel().get() : lookAfter(state, progress);
    }

    private String lookAfter(RemoteState begun, Progress progress) {
        RemoteState state = begun;
        String id = state.livingJob().orElseThrow();
        while (true) {
            Job job = jobs.retrieve(id);
            if (!state.equals(state.advanced(job))) {
                state = state.advanced(job).write(folder);
            }
            if (job.ended()) {
                return tuned(job, state);
            }
            report(job, state, progress);
            connection.sleep("waiting for the job " + id, BETWEEN_LOOKS);
        }
    }

    private void report(Job job, RemoteState state, Progress progress) {
        String event = jobs.latestEvent(job.id()).orElse("");
        Matcher step = STEP.matcher(event);
        boolean counted = step.find();
        progress.advance(
                "Fine-tuning " + state.baseModel(),
                counted ? Long.parseLong(step.group(1)) : 0,
                counted ? Long.parseLong(step.group(2)) : -1,
                event.isEmpty() ? job.status() : job.status() + ", " + event);
    }

    private static String tuned(Job job, RemoteState state) {
        return job.model()
                .filter(model -> job.succeeded())
                .orElseThrow(() -> new LiftException("The provider ended the job " + job.id() + " for \""
                        + state.title() + "\" as " + job.status()
                        + job.error().map(said -> " (" + said + ")").orElse("")
                        + (job.status().equals("cancelled") ? ": " : ": mend what it names and ")
                        + "train again to make another."));
    }

    /** The text stays with the memory, for the modes that have it in the window. */
    private void writeText(Document document) {
        AtomicFile.write(ClosedModel.text(folder), out -> {
            try (Reader reader = document.open();
                    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8)) {
                reader.transferTo(writer);
            }
        });
    }

    private static void rename(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LiftException("Could not write " + to + ": choose another folder.", e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new LiftException("Could not delete " + file + ": check the permissions of its folder.", e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
