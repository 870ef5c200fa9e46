package io.github.lift4j.remote;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.lift4j.engine.AtomicFile;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code remote.json} says: how far a fine-tuning has come. Written at every stage, so that a kill at any moment
 * costs nothing that is paid for.
 *
 * @param version of this format
 * @param title of the document
 * @param trainingSha256 hash of {@code training.jsonl}
 * @param tasks trained beside the segments
 * @param baseUrl of the provider's API
 * @param baseModel what is tuned
 * @param epochs how often
 * @param suffix in the tuned model's name, or empty
 * @param seed of the provider's training
 * @param fileId the uploaded file's, once it is
 * @param jobId the job's, once there is one
 * @param status the provider's word for the job, or what came before it
 * @param model the tuned model's name, once it is tuned
 */
record RemoteState(
        int version,
        String title,
        String trainingSha256,
        int tasks,
        String baseUrl,
        String baseModel,
        int epochs,
        String suffix,
        long seed,
        @Nullable String fileId,
        @Nullable String jobId,
        String status,
        @Nullable String model) {

    static final String FILE = "remote.json";

    private static final int CURRENT = 1;
    private static final Set<String> ENDED = Set.of("failed", "cancelled");
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** Before anything was uploaded. */
    static RemoteState prepared(String title, String trainingSha256, int tasks, String baseUrl, FineTuningPlan plan) {
        return new RemoteState(
                CURRENT,
                title,
                trainingSha256,
                tasks,
                baseUrl,
                plan.model(),
                plan.epochs(),
                plan.suffix(),
                plan.seed(),
                null,
                null,
                "prepared",
                null);
    }

    RemoteState uploaded(String fileId) {
        return with(fileId, null, "uploaded", null);
    }

    RemoteState advanced(Job job) {
        return with(fileId, job.id(), job.status(), job.model().orElse(null));
    }

    /** Whether another job would do the same work. */
    boolean sameWorkAs(RemoteState other) {
        return with(null, null, "", null).equals(other.with(null, null, "", null));
    }

    Optional<String> uploadedFile() {
        return Optional.ofNullable(fileId);
    }

    /** The job, unless it ended without a model: then there must be another. */
    Optional<String> livingJob() {
        return Optional.ofNullable(jobId).filter(id -> !ENDED.contains(status));
    }

    /** The job, where it has neither ended nor made a model yet. */
    Optional<String> jobUnderWay() {
        return livingJob().filter(id -> model == null);
    }

    /** Whether going on begins something that is paid for and was not confirmed: the first job, or another one. */
    boolean costsMore() {
        return fileId == null || (jobId != null && livingJob().isEmpty());
    }

    Optional<String> tunedModel() {
        return Optional.ofNullable(model);
    }

    private RemoteState with(@Nullable String fileId, @Nullable String jobId, String status, @Nullable String model) {
        return new RemoteState(
                version,
                title,
                trainingSha256,
                tasks,
                baseUrl,
                baseModel,
                epochs,
                suffix,
                seed,
                fileId,
                jobId,
                status,
                model);
    }

    RemoteState write(Path folder) {
        AtomicFile.write(folder.resolve(FILE), out -> JSON.writeValue(out, this));
        return this;
    }

    static Optional<RemoteState> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            RemoteState state = JSON.readValue(Files.readAllBytes(file), RemoteState.class);
            if (state.version() != CURRENT) {
                throw new LiftException(file + " has format version " + state.version() + " but this lift4j reads "
                        + CURRENT + ": use the lift4j that wrote it.");
            }
            return Optional.of(state);
        } catch (JacksonException e) {
            throw new LiftException(
                    file + " is damaged: look for the job at the provider, and train into another folder.", e);
        } catch (IOException e) {
            throw new LiftException(file + " cannot be read: check the disk and the permissions.", e);
        }
    }

    /** @throws LiftException where there is none, or it is another provider's */
    static RemoteState require(Path folder, Endpoint endpoint) {
        RemoteState state = read(folder)
                .orElseThrow(() -> new LiftException(
                        "There is no fine-tuning in " + folder + ": train a closed model on a document first."));
        if (!state.baseUrl().equals(endpoint.baseUrl())) {
            throw new LiftException("The fine-tuning in " + folder + " was begun at " + state.baseUrl() + ", not at "
                    + endpoint + ": give its own base URL.");
        }
        return state;
    }
}
