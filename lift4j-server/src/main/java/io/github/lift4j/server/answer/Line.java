package io.github.lift4j.server.answer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The line of those who wait for an answer, in which nobody is overtaken for long: a question may join those that are
 * answered already where it can, but not while one that came before it waits for others to begin.
 */
final class Line {

    private final Desk.Size size;
    private final List<Question<?>> waiting = new LinkedList<>();
    private final Set<Question.Key> asked = new HashSet<>();
    private int writing;
    private boolean closed;

    Line(Desk.Size size) {
        this.size = size;
    }

    /** Stands a question at the end. @return whether there was room */
    synchronized boolean offer(Question<?> question) {
        if (closed || writing + waiting.size() >= size.answers() + size.waiting()) {
            return false;
        }
        waiting.add(question);
        notifyAll();
        return true;
    }

    /**
     * Waits for the first question that would be the only one of its key; others may join it from now on, until {@link #leave}.
     *
     * @return empty where the line is closed
     */
    synchronized Optional<Question<?>> first() throws InterruptedException {
        while (!closed) {
            if (writing < size.answers()) {
                for (Question<?> question : waiting) {
                    if (asked.add(question.key())) {
                        waiting.remove(question);
                        writing++;
                        return Optional.of(question);
                    }
                }
            }
            wait();
        }
        return Optional.empty();
    }

    /** The next question that may join those of a key; empty where there is none. */
    synchronized Optional<Question<?>> joining(Question.Key company) {
        Iterator<Question<?>> each = waiting.iterator();
        while (writing < size.answers() && each.hasNext()) {
            Question<?> question = each.next();
            if (question.key().equals(company)) {
                each.remove();
                writing++;
                return Optional.of(question);
            }
            if (!asked.contains(question.key())) {
                break;
            }
        }
        return Optional.empty();
    }

    /** A question that was taken out of the line is over. */
    synchronized void over() {
        writing--;
        notifyAll();
    }

    /** Nobody asks those of a key any more. */
    synchronized void leave(Question.Key company) {
        asked.remove(company);
        notifyAll();
    }

    /** Lets nobody in any more. @return who still waited, now out of the line */
    synchronized List<Question<?>> close() {
        closed = true;
        List<Question<?>> left = new ArrayList<>(waiting);
        waiting.clear();
        writing += left.size();
        notifyAll();
        return left;
    }
}
