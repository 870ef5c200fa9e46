package io.github.lift4j.server.answer;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.TextEmbedder;
import io.github.lift4j.evidence.TextEmbedderSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Embeds callers' texts on one platform thread, some of each caller by turns, so that nobody waits for all of another's. The
 * model is loaded when the first text comes, and stays. Any thread may submit.
 */
public final class Embeddings implements AutoCloseable {

    /** Texts of a caller that are embedded in one turn. */
    private static final int TURN = 8;

    /** Texts cannot be embedded here at all. */
    public static final class Unavailable extends RuntimeException {

        private Unavailable(LiftException why) {
            super(why.getMessage(), why);
        }
    }

    private final TextEmbedderSource source;
    private final int most;
    private final Precedence precedence;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("embeddings").factory());
    private final AtomicInteger waiting = new AtomicInteger();
    /** The worker's alone. */
    private @Nullable TextEmbedder embedder;

    private volatile boolean closing;

    /** @param most callers that may wait at once, at least 1 */
    public Embeddings(TextEmbedderSource source, int most, Precedence precedence) {
        this.source = source;
        this.most = most;
        this.precedence = precedence;
    }

    /** The model's name. */
    public String name() {
        return source.name();
    }

    /** How many numbers a vector has. */
    public int dimensions() {
        return source.dimensions();
    }

    /**
     * Has texts embedded.
     *
     * @return one for each, in their order; it fails with {@link LiftException} where a text cannot be embedded, with
     *     {@link Unavailable} where none can, and with {@link CancellationException} where this closes. Empty where too many
     *     callers wait already
     */
    public Optional<Future<List<TextEmbedder.Embedding>>> submit(List<String> texts) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            return Optional.empty();
        }
        precedence.begin();
        Work work = new Work(List.copyOf(texts));
        work.queue();
        return Optional.of(work.whole);
    }

    /** A caller's texts. */
    private final class Work {

        private final List<String> texts;
        private final List<TextEmbedder.Embedding> done = new ArrayList<>();
        private final CompletableFuture<List<TextEmbedder.Embedding>> whole = new CompletableFuture<>();

        Work(List<String> texts) {
            this.texts = texts;
        }

        void queue() {
            try {
                worker.execute(this::turn);
            } catch (RejectedExecutionException closed) {
                fail(stopping());
            }
        }

        private void turn() {
            try {
                for (int i = 0; i < TURN && done.size() < texts.size(); i++) {
                    if (closing) {
                        throw stopping();
                    }
                    done.add(embed(texts.get(done.size())));
                }
            } catch (RuntimeException | Error e) {
                fail(e);
                return;
            }
            if (done.size() < texts.size()) {
                queue();
            } else {
                over();
                whole.complete(done);
            }
        }

        private TextEmbedder.Embedding embed(String text) {
            TextEmbedder model = loaded();
            try {
                return model.embed(text);
            } catch (LiftException e) {
                throw texts.size() == 1
                        ? e
                        : new LiftException("Of the texts, the one at " + done.size() + ": " + e.getMessage(), e);
            }
        }

        private void fail(Throwable why) {
            over();
            whole.completeExceptionally(why);
        }

        private void over() {
            waiting.decrementAndGet();
            precedence.end();
        }
    }

    private TextEmbedder loaded() {
        TextEmbedder model = embedder;
        if (model == null) {
            try {
                model = source.open();
            } catch (LiftException e) {
                throw new Unavailable(e);
            }
            embedder = model;
        }
        return model;
    }

    private static CancellationException stopping() {
        return new CancellationException("the service is stopping");
    }

    /** Stops what is under way, and lets go of the model. */
    @Override
    public void close() {
        closing = true;
        worker.execute(() -> {
            if (embedder != null) {
                embedder.close();
            }
        });
        worker.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = worker.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
