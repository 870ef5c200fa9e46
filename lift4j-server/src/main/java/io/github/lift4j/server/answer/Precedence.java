package io.github.lift4j.server.answer;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers before training: while somebody waits for an answer, training waits between two of its steps. Not for ever, so
 * that it ends even where questions never do.
 */
public final class Precedence {

    /** Training waits at most so many times as long as it worked: it keeps a quarter of the time. */
    private static final int PATIENCE = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private int asked;

    /** Somebody began to wait for an answer. */
    void begin() {
        lock.lock();
        try {
            asked++;
        } finally {
            lock.unlock();
        }
    }

    /** Their answer is over. */
    void end() {
        lock.lock();
        try {
            asked--;
            if (asked == 0) {
                quiet.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for an answer or are being answered. */
    public int asked() {
        lock.lock();
        try {
            return asked;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nobody waits for an answer, or the caller has waited in proportion to its work. Returns at once where the
     * thread is interrupted, which it then still is.
     *
     * @param worked nanoseconds that the caller worked since it last gave way
     */
    public void giveWay(long worked) {
        lock.lock();
        try {
            long left = worked * PATIENCE;
            while (asked > 0 && left > 0) {
                left = quiet.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
