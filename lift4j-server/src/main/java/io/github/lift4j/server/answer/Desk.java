package io.github.lift4j.server.answer;

import io.github.lift4j.answer.StopText;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where questions wait and are answered, on a few platform threads: native calls would pin virtual ones. Any thread may
 * submit; close it before the model.
 */
public final class Desk implements AutoCloseable {

    /**
     * How much goes on at once.
     *
     * @param threads answers written at the same time, at least 1
     * @param waiting questions that may wait behind them, at least 1
     * @param loaded voices that stay loaded while nobody asks them
     */
    public record Size(int threads, int waiting, int loaded) {

        /** @throws LiftException where nothing could be answered */
        public Size {
            if (threads < 1 || waiting < 1 || loaded < 0) {
                throw new LiftException("Answering needs at least one thread and room for one question to wait, not "
                        + threads + " and " + waiting + ".");
            }
        }
    }

    private final Writers writers;
    private final Precedence precedence;
    private final ThreadPoolExecutor threads;
    private final LanguageModel model;
    private final LongAdder tokens = new LongAdder();
    private volatile boolean closing;

    public Desk(LanguageModel model, Size size, Precedence precedence) {
        this.model = model;
        this.writers = new Writers(model, size.loaded());
        this.precedence = precedence;
        this.threads = new ThreadPoolExecutor(
                size.threads(),
                size.threads(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(size.waiting()),
                Thread.ofPlatform().name("answers-", 1).factory());
    }

    /**
     * Has a question answered.
     *
     * @return empty where too many wait already, or the desk is closed
     */
    public <P> Optional<Reply> submit(Ask<P> ask) {
        Reply reply = new Reply();
        precedence.begin();
        try {
            threads.execute(() -> answer(ask, reply));
            return Optional.of(reply);
        } catch (RejectedExecutionException full) {
            precedence.end();
            return Optional.empty();
        }
    }

    /** How many tokens were written. */
    public long tokens() {
        return tokens.sum();
    }

    /** How many voices are loaded while nobody asks them. */
    public int idle() {
        return writers.idle();
    }

    private <P> void answer(Ask<P> ask, Reply reply) {
        try {
            if (closing) {
                reply.say(new Heard.Failure(new CancellationException("the service is stopping")));
            } else if (reply.wanted()) {
                reply.say(writers.with(ask.owner(), ask.voice(), writer -> write(ask, writer, reply)));
            }
        } catch (RuntimeException | Error e) {
            reply.say(new Heard.Failure(e));
        } finally {
            precedence.end();
        }
    }

    private <P> Heard.End write(Ask<P> ask, Writer<P> writer, Reply reply) {
        StopText text = new StopText(ask.stops());
        Written written = writer.write(ask.prompt(), ask.sampling(), ask.most(), piece -> {
            say(reply, text.next(piece));
            return reply.wanted() && !text.stopped();
        });
        say(reply, text.finish());
        tokens.add(written.tokens());
        boolean full = written.tokens() >= ask.most() || written.promptTokens() + written.tokens() >= model.window();
        return new Heard.End(written.promptTokens(), written.tokens(), full && !text.stopped(), written.evidence());
    }

    private static void say(Reply reply, String text) {
        if (!text.isEmpty()) {
            reply.say(new Heard.Piece(text));
        }
    }

    /** Stops the answers under way and lets go of all memories. */
    @Override
    public void close() {
        closing = true;
        // Whoever still waits in line is told.
        threads.shutdownNow().forEach(Runnable::run);
        threads.close();
        writers.close();
    }
}
