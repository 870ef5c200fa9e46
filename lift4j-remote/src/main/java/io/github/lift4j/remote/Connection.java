package io.github.lift4j.remote;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import io.github.lift4j.engine.LiftException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * An endpoint that is asked until it answers or its failure stands. For several threads at once; belongs to who opened
 * it.
 */
final class Connection implements AutoCloseable {

    private final Endpoint endpoint;
    private final Patience patience;
    private final OpenAIClient client;

    Connection(Endpoint endpoint, Patience patience) {
        this.endpoint = endpoint;
        this.patience = patience;
        // The client's own retries can neither be watched nor stopped.
        this.client = OpenAIOkHttpClient.builder()
                .baseUrl(endpoint.baseUrl())
                .apiKey(endpoint.apiKey())
                .timeout(endpoint.timeout())
                .maxRetries(0)
                .build();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Sends a request and reads its answer.
     *
     * @param doing what it is for, to stand after "while" ("asking gpt-4o-mini")
     * @param request uses the client; whatever it reads of the answer it reads here, where what is missing is noticed
     * @throws LiftException where the failure stands, with the client's exception as its cause
     */
    <T> T call(String doing, Function<OpenAIClient, T> request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return interruptibly(doing, request);
            } catch (OpenAIException | Nonsense e) {
                Optional<Duration> pause =
                        attempt < endpoint.tries() ? patience.beforeNext(e, attempt) : Optional.empty();
                if (pause.isEmpty()) {
                    throw new Failure(endpoint, doing, attempt).told(e);
                }
                sleep(doing, pause.get());
            }
        }
    }

    /** A request that not every endpoint knows: empty where this one does not. */
    <T> Optional<T> callIfKnown(String doing, Function<OpenAIClient, T> request) {
        try {
            return Optional.of(call(doing, request));
        } catch (LiftException e) {
            if (e.getCause() instanceof OpenAIServiceException answer
                    && (answer.statusCode() == 404 || answer.statusCode() == 405 || answer.statusCode() == 501)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Waits, such as for a job to advance. */
    void sleep(String doing, Duration pause) {
        try {
            patience.sleeper().sleep(pause);
        } catch (InterruptedException e) {
            throw interrupted(doing, e);
        }
    }

    /** On a virtual thread, because a blocked read of a platform thread does not hear an interruption. */
    private <T> T interruptibly(String doing, Function<OpenAIClient, T> request) {
        FutureTask<T> task = new FutureTask<>(() -> request.apply(client));
        Thread thread = Thread.ofVirtual().name("lift4j-remote").start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            throw interrupted(doing, e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private LiftException interrupted(String doing, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new LiftException(
                "Interrupted while " + doing + " at " + endpoint
                        + ": what has been answered is kept, so start it again to go on.",
                e);
    }

    @Override
    public void close() {
        client.close();
    }
}
