package io.github.lift4j.cli;

import io.github.lift4j.evaluation.statistics.Interval;
import io.github.lift4j.evaluation.suite.FixedOrder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How what a fixed order has on an ordering set is put into words. */
final class OrderWords {

    private OrderWords() {}

    /** A line of the order, and one for each mode that is compared with it. */
    static String lines(FixedOrder order) {
        return String.format(
                        "%s, %s: best fixed order %s, in hindsight: concordance %s on %d questions, %d others left out%n",
                        order.set(),
                        SuiteWords.tail(order.model()),
                        order.answer(),
                        SuiteWords.figure(order.score()),
                        order.questions(),
                        order.leftOut())
                + order.leads().stream().map(OrderWords::line).collect(Collectors.joining());
    }

    private static String line(FixedOrder.Lead lead) {
        Interval difference = lead.difference();
        return String.format(
                Locale.ROOT,
                "    %-24s %-12s %+.3f (%+.3f to %+.3f) over %s, %d questions%n",
                lead.mode(),
                lead.recipe(),
                difference.mean(),
                difference.low(),
                difference.high(),
                lead.over(),
                lead.questions());
    }

    static Map<String, Object> json(FixedOrder order) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("set", order.set());
        values.put("model", order.model());
        values.put("order", order.order());
        values.put("questions", order.questions());
        values.put("left_out", order.leftOut());
        putInterval(values, order.score());
        values.put("leads", order.leads().stream().map(OrderWords::json).toList());
        return values;
    }

    private static Map<String, Object> json(FixedOrder.Lead lead) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("mode", lead.mode());
        values.put("recipe", lead.recipe());
        values.put("over", lead.over().toString());
        values.put("questions", lead.questions());
        putInterval(values, lead.difference());
        return values;
    }

    private static void putInterval(Map<String, Object> values, Interval interval) {
        values.put("mean", interval.mean());
        values.put("low", interval.low());
        values.put("high", interval.high());
    }
}
