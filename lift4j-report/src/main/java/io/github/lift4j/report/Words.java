package io.github.lift4j.report;

import io.github.lift4j.evaluation.statistics.Interval;
import java.util.Locale;

/** How figures are put into words. */
final class Words {

    private Words() {}

    /** A score from 0 to 100 with one digit, an NLL in nats with two. */
    static String figure(Measure measure, double value) {
        return String.format(Locale.ROOT, measure.equals(Measure.NLL) ? "%.2f" : "%.1f", value * measure.scale());
    }

    static String range(Measure measure, Interval interval) {
        return figure(measure, interval.low()) + " to " + figure(measure, interval.high());
    }

    /** How far a score is above another, with its sign. */
    static String lead(Measure measure, Interval interval) {
        double scale = measure.scale();
        return String.format(
                Locale.ROOT,
                "%+.1f (%+.1f to %+.1f)",
                interval.mean() * scale,
                interval.low() * scale,
                interval.high() * scale);
    }

    static String count(long count, String thing) {
        return number(count) + " " + thing + (count == 1 ? "" : "s");
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
