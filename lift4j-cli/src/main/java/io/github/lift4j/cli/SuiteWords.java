package io.github.lift4j.cli;

import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.statistics.Interval;
import io.github.lift4j.evaluation.suite.FixedOrder;
import io.github.lift4j.evaluation.suite.SuiteTable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How a suite's units and results are put into words. */
final class SuiteWords {

    private SuiteWords() {}

    /** One line a unit. */
    static String name(Unit unit) {
        String what = switch (unit) {
            case Unit.Reading reading -> reading.set() + "  " + reading.document();
            case Unit.Haystack haystack ->
                "needle " + haystack.needle() + " at " + haystack.depth() + " of " + haystack.tokens() + " tokens";
            case Unit.Order order -> "order of segments over " + order.tokens() + " tokens";
            case Unit.Speed speed -> "speed over " + speed.tokens() + " tokens, repetition " + speed.repetition();
        };
        String by = unit.recipe().isEmpty() ? "" : "  " + unit.recipeName() + ", seed " + unit.seed();
        return what + "  " + String.join(" ", unit.modes()) + by;
    }

    /** A unit's line, and one for each mode of it. */
    static String finished(Result result, int done, int total, double secondsLeft) {
        String head = String.format(
                Locale.ROOT,
                "[%d/%d] %s  %.0f s%s",
                done,
                total,
                name(result.unit()),
                result.effort().seconds(),
                done == total ? "" : ", about " + duration(secondsLeft) + " left");
        return head
                + SuiteTable.of(List.of(result)).stream()
                        .map(row -> String.format(
                                Locale.ROOT,
                                "%n    %-24s %3d  %-13s %.3f%s",
                                row.mode(),
                                row.count(),
                                row.metric(),
                                row.score().mean(),
                                row.nll()
                                        .map(nll -> String.format(Locale.ROOT, "  nll %.3f", nll.mean()))
                                        .orElse("")))
                        .collect(Collectors.joining());
    }

    /** All results; those of ordering sets beside what a fixed order has. */
    static String table(List<SuiteTable.Row> rows, List<FixedOrder> orders) {
        StringBuilder words = new StringBuilder(String.format(
                "%-28s %-22s %-12s %-24s %5s %-13s %-22s %s%n",
                "set", "model", "recipe", "mode", "count", "score", "mean (95% interval)", "NLL of the gold answer"));
        for (SuiteTable.Row row : rows) {
            words.append(String.format(
                    "%-28s %-22s %-12s %-24s %5d %-13s %-22s %s%n",
                    row.part(),
                    tail(row.model()),
                    row.recipe(),
                    row.mode(),
                    row.count(),
                    row.metric(),
                    figure(row.score()),
                    row.nll().map(SuiteWords::figure).orElse("not measured")));
        }
        orders.forEach(order -> words.append('\n').append(OrderWords.lines(order)));
        return words.toString().stripTrailing();
    }

    static Map<String, Object> json(SuiteTable.Row row) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("set", row.part());
        values.put("model", row.model());
        values.put("recipe", row.recipe());
        values.put("mode", row.mode());
        values.put("count", row.count());
        values.put("metric", row.metric());
        values.put("mean", row.score().mean());
        values.put("low", row.score().low());
        values.put("high", row.score().high());
        row.nll().ifPresent(nll -> {
            values.put("nll", nll.mean());
            values.put("nll_low", nll.low());
            values.put("nll_high", nll.high());
        });
        return values;
    }

    /** Rounded as a person would say it. */
    static String duration(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0 ? Math.round(seconds / 60) + " min" : time.toSeconds() + " s";
    }

    static String tail(String model) {
        return model.substring(model.lastIndexOf('/') + 1);
    }

    static String figure(Interval interval) {
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", interval.mean(), interval.low(), interval.high());
    }
}
