package io.github.lift4j.server.work;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.server.answer.Precedence;
import io.github.lift4j.server.store.JobEvents;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Listens to one job's training: notes events, says when it will end, and lets answers pass between two steps. Belongs to
 * the job's thread, but for what is said of the end.
 */
final class JobProgress implements Progress {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Events are for people and curves: one a second is enough of them. */
    private static final Duration BETWEEN_EVENTS = Duration.ofSeconds(1);

    private final String job;
    private final JobEvents events;
    private final Precedence precedence;
    private final Clock clock;
    private final Map<String, Double> measured = new LinkedHashMap<>();
    private final long began;
    private long firstStep = -1;
    private long noted;
    private long resumedWork;
    private volatile long expectedEnd = -1;

    JobProgress(String job, JobEvents events, Precedence precedence, Clock clock) {
        this.job = job;
        this.events = events;
        this.precedence = precedence;
        this.clock = clock;
        this.began = System.nanoTime();
        this.noted = began - BETWEEN_EVENTS.toNanos();
        this.resumedWork = began;
    }

    @Override
    public void measure(String quantity, double value) {
        measured.put(quantity, value);
    }

    @Override
    public void note(String sentence) {
        events.say(job, "info", sentence);
    }

    @Override
    public void advance(String activity, long done, long total, String detail) {
        long now = System.nanoTime();
        firstStep = firstStep < 0 ? done - 1 : Math.min(firstStep, done - 1);
        expect(now, done, total);
        if (now - noted >= BETWEEN_EVENTS.toNanos() || done == total) {
            noted = now;
            events.measured(job, "Step " + done + " of " + total + ": " + detail, data(done, total));
        }
        measured.clear();
        precedence.giveWay(now - resumedWork);
        resumedWork = System.nanoTime();
    }

    private void expect(long now, long done, long total) {
        double left = (double) (now - began) / (done - firstStep) * (total - done);
        expectedEnd = clock.instant().plusNanos((long) left).getEpochSecond();
    }

    private String data(long done, long total) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("step", done);
        data.put("total_steps", total);
        Optional.ofNullable(measured.get("loss")).ifPresent(loss -> data.put("train_loss", loss));
        Optional.ofNullable(measured.get("task_loss")).ifPresent(loss -> data.put("task_loss", loss));
        Optional.ofNullable(measured.get("tokens_per_second")).ifPresent(rate -> data.put("tokens_per_second", rate));
        try {
            return JSON.writeValueAsString(data);
        } catch (JacksonException e) {
            throw new IllegalStateException("an event could not be written as JSON", e);
        }
    }

    /** When the job will end, in seconds since 1970; empty before its first step. */
    Optional<Long> expectedEnd() {
        return expectedEnd < 0 ? Optional.empty() : Optional.of(expectedEnd);
    }
}
