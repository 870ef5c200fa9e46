package io.github.lift4j.remote;

import java.util.Optional;

/**
 * How far a fine-tuning has come.
 *
 * @param title of the document
 * @param baseModel what is tuned
 * @param job its id at the provider, once there is one
 * @param status the provider's word for the job, or {@code prepared} or {@code uploaded} before there is one
 * @param model the tuned model's name, once it is tuned
 * @param said what the provider said last of a job that it was asked about
 */
public record FineTuningStatus(
        String title,
        String baseModel,
        Optional<String> job,
        String status,
        Optional<String> model,
        Optional<String> said) {

    static FineTuningStatus of(RemoteState state, Optional<String> said) {
        return new FineTuningStatus(
                state.title(),
                state.baseModel(),
                Optional.ofNullable(state.jobId()),
                state.status(),
                state.tunedModel(),
                said);
    }
}
