package io.github.lift4j.remote;

import com.openai.client.OpenAIClient;
import com.openai.core.MultipartField;
import com.openai.errors.NotFoundException;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The provider's side of a fine-tuning, in the few calls that it takes. */
record Jobs(Connection connection) {

    /** Uploads a training file and returns its id. */
    String upload(Path file) {
        try {
            return connection.call("uploading " + file, client -> {
                try (InputStream content = Files.newInputStream(file)) {
                    return client.files()
                            .create(FileCreateParams.builder()
                                    .purpose(FilePurpose.FINE_TUNE)
                                    .file(MultipartField.<InputStream>builder()
                                            .value(content)
                                            .filename(file.getFileName().toString())
                                            .build())
                                    .build())
                            .id();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw new LiftException(
                    "The training file " + file + " cannot be read: check the disk and the permissions.", e);
        }
    }

    /**
     * Creates the job, or finds it: an answer may be lost after the job was made, and a second one would be paid for.
     */
    Job create(String fileId, RemoteState wanted) {
        AtomicBoolean listed = new AtomicBoolean(true);
        return connection.call("creating the job to fine-tune " + wanted.baseModel(), client -> {
            Optional<Job> made = listed.get() ? find(client, fileId, listed) : Optional.empty();
            return made.orElseGet(() -> Job.of(client.fineTuning().jobs().create(request(fileId, wanted))));
        });
    }

    /** Looks at the newest jobs only: the one looked for is minutes old. */
    private static Optional<Job> find(OpenAIClient client, String fileId, AtomicBoolean listed) {
        try {
            return client.fineTuning().jobs().list().data().stream()
                    .filter(job -> job.trainingFile().equals(fileId))
                    .map(Job::of)
                    .filter(job -> job.succeeded() || !job.ended())
                    .findFirst();
        } catch (NotFoundException e) {
            listed.set(false); // A compatible endpoint without a list: there is no telling, so it is taken at its word.
            return Optional.empty();
        }
    }

    Job retrieve(String jobId) {
        return connection.call(
                "looking after the job " + jobId,
                client -> Job.of(client.fineTuning().jobs().retrieve(jobId)));
    }

    Job cancel(String jobId) {
        return connection.call(
                "cancelling the job " + jobId,
                client -> Job.of(client.fineTuning().jobs().cancel(jobId)));
    }

    /** The newest thing that the provider says of a job; empty where it says nothing. */
    Optional<String> latestEvent(String jobId) {
        JobListEventsParams newest = JobListEventsParams.builder().limit(1).build();
        return connection
                .callIfKnown(
                        "reading the events of the job " + jobId,
                        client -> client.fineTuning().jobs().listEvents(jobId, newest).data().stream()
                                .map(FineTuningJobEvent::message)
                                .findFirst())
                .flatMap(event -> event);
    }

    private static JobCreateParams request(String fileId, RemoteState wanted) {
        SupervisedMethod method = SupervisedMethod.builder()
                .hyperparameters(SupervisedHyperparameters.builder()
                        .nEpochs(wanted.epochs())
                        .build())
                .build();
        JobCreateParams.Builder request = JobCreateParams.builder()
                .model(wanted.baseModel())
                .trainingFile(fileId)
                .seed(wanted.seed())
                .method(JobCreateParams.Method.builder()
                        .type(JobCreateParams.Method.Type.SUPERVISED)
                        .supervised(method)
                        .build());
        if (!wanted.suffix().isEmpty()) {
            request.suffix(wanted.suffix());
        }
        return request.build();
    }
}
