package io.github.lift4j.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.server.http.Json;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.JobStatus;
import java.util.List;
import java.util.Optional;

/** A job as the API gives it. */
record JobView(
        String id,
        String object,
        String model,
        long createdAt,
        Optional<Long> finishedAt,
        Optional<Long> estimatedFinish,
        Optional<String> fineTunedModel,
        String organizationId,
        List<String> resultFiles,
        String status,
        Optional<String> validationFile,
        String trainingFile,
        Hyperparameters hyperparameters,
        Optional<Long> trainedTokens,
        Optional<Failure> error,
        long seed,
        Method method,
        JsonNode metadata) {

    /** OpenAI's are in the recipe here; its clients expect the object. */
    record Hyperparameters(String nEpochs) {}

    /** Why it failed. */
    record Failure(String code, String message, Optional<String> param) {}

    /** How it is trained. */
    record Method(String type, Lift lift) {

        /** @param recipe its name */
        record Lift(String recipe) {}
    }

    static JobView of(Job job, Optional<Long> expectedEnd) {
        boolean done = job.status() == JobStatus.SUCCEEDED;
        return new JobView(
                job.id(),
                "fine_tuning.job",
                job.model(),
                job.createdAt(),
                job.finishedAt(),
                expectedEnd,
                done ? Optional.of(job.memory()) : Optional.empty(),
                job.tenant().id(),
                List.of(),
                job.status().word(),
                Optional.empty(),
                job.file(),
                new Hyperparameters("auto"),
                job.trainedTokens(),
                job.error().map(why -> new Failure(why.code(), why.message(), Optional.empty())),
                job.seed(),
                new Method(JobWish.METHOD, new Method.Lift(job.recipe())),
                Json.read(job.metadata()));
    }
}
