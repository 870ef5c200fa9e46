package io.github.lift4j.server.answer;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer as it is written: one thread writes, another reads. Close it when nobody listens any more, and no more is
 * written.
 */
public final class Reply implements AutoCloseable {

    /** Never longer than an answer has tokens. */
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    private volatile boolean wanted = true;

    Reply() {}

    /** What was heard next; empty where nothing was in that time. */
    public Optional<Heard> next(Duration patience) throws InterruptedException {
        return Optional.ofNullable(heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    void say(Heard next) {
        heard.add(next);
    }

    boolean wanted() {
        return wanted;
    }

    @Override
    public void close() {
        wanted = false;
    }
}
