package io.github.lift4j.server.answer;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Answers before training: while somebody waits for an answer, training waits between two of its steps. Not for ever, so
 * that it ends even where questions never do.
 */
public final class Precedence {

    /**
     * A step and the waiting behind it take at most so many times as long as the step alone: training keeps a quarter of its
     * speed, and there is a tenth to spare for what lies between two steps.
     */
    private static final double PATIENCE = 3.6;

    /** How much the newest undisturbed step counts in what a step takes alone. */
    private static final double NEWEST = 0.2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private int asked;
    /** Whether nobody has waited for an answer since training last gave way. */
    private boolean undisturbed = true;
    /** Nanoseconds of a step while nobody asked anything; 0 before there was one. */
    private double alone;

    /** Somebody began to wait for an answer. */
    void begin() {
        lock.lock();
        try {
            asked++;
            undisturbed = false;
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
     * Waits until nobody waits for an answer, or training would lose more than three quarters of its speed. A step takes
     * longer while answers take their share of the processor: what it takes alone is learned from undisturbed ones, and
     * before there was one it is taken for half. Returns at once where the thread is interrupted, which it then still is.
     *
     * @param worked nanoseconds of the step since the caller last gave way
     */
    public void giveWay(long worked) {
        lock.lock();
        try {
            learn(worked);
            double fair = alone == 0 ? worked / 2.0 : Math.min(alone, worked);
            long left = (long) (PATIENCE * fair) - worked;
            while (asked > 0 && left > 0) {
                left = quiet.awaitNanos(left);
            }
            undisturbed = asked == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void learn(long worked) {
        if (undisturbed) {
            alone = alone == 0 ? worked : alone + NEWEST * (worked - alone);
        }
    }
}
