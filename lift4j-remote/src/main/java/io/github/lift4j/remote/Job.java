package io.github.lift4j.remote;

import com.openai.models.finetuning.jobs.FineTuningJob;
import java.util.Optional;

/**
 * A provider's fine-tuning job at one moment.
 *
 * @param status the provider's word: {@code validating_files}, {@code queued}, {@code running}, {@code succeeded},
 *     {@code failed}, {@code cancelled}, ...
 * @param model the tuned model's name, once it is tuned
 * @param error why it failed
 */
record Job(String id, String status, Optional<String> model, Optional<String> error) {

    static Job of(FineTuningJob job) {
        return new Job(
                job.id(),
                job.status().asString(),
                job.fineTunedModel().filter(name -> !name.isBlank()),
                job.error().flatMap(error -> error._message().asKnown()).filter(text -> !text.isBlank()));
    }

    boolean succeeded() {
        return status.equals("succeeded");
    }

    boolean ended() {
        return succeeded() || status.equals("failed") || status.equals("cancelled");
    }
}
