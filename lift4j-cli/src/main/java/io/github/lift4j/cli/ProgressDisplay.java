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
        // A bar that is closed by an interrupted thread swallows the interruption and is not drawn to its end.
        boolean interrupted = Thread.interrupted();
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
        activity = "";
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
