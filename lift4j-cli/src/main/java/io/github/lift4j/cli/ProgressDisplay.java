package io.github.lift4j.cli;

import io.github.lift4j.engine.Progress;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jline.utils.Signals;

/** Draws one bar an activity on standard error. */
final class ProgressDisplay implements Progress, AutoCloseable {

    private final boolean silent;
    private String activity = "";
    private Optional<ProgressBar> bar = Optional.empty();

    ProgressDisplay(boolean silent) {
        this.silent = silent;
    }

    @Override
    public synchronized void advance(String activity, long done, long total, String detail) {
        if (silent) {
            return;
        }
        if (!activity.equals(this.activity)) {
            close();
            this.activity = activity;
            bar = Optional.of(new ProgressBarBuilder()
                    .setTaskName(activity)
                    .setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(500)
                    .build());
            // On a terminal the bar's library leaves Ctrl-C to the system, which would end us before anything is saved.
            Signals.register("INT", () -> System.exit(130));
        }
        bar.ifPresent(b -> {
            b.maxHint(total);
            b.setExtraMessage(detail);
            b.stepTo(done);
        });
    }

    @Override
    public synchronized void note(String sentence) {
        if (!silent) {
            close();
            System.err.println(sentence);
        }
    }

    @Override
    public synchronized void close() {
        bar.ifPresent(ProgressDisplay::closeElsewhere);
        bar = Optional.empty();
        activity = "";
    }

    /** A bar swallows an interruption of the thread that closes it, and is then not drawn to its end. */
    private static void closeElsewhere(ProgressBar bar) {
        Thread closing = Thread.ofVirtual().start(bar::close);
        boolean interrupted = false;
        while (closing.isAlive()) {
            try {
                closing.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
