package io.github.lift4j.evaluation.suite;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.Plan.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of several shares of a plan's steps, which processes may do at the same time in one run's folder. What may ask one
 * memory is in one share: no two processes absorb the same, or write into one memory's folder.
 *
 * @param number of this share, counted from 1
 * @param count of shares
 */
public record Share(int number, int count) {

    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

    public Share {
        if (number < 1 || number > count) {
            throw refused(number + "/" + count);
        }
    }

    /** Reads a share, written {@code 1/4} for the first of four. */
    public static Share parse(String text) {
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw refused(text);
        }
        return new Share(Integer.parseInt(written.group(1)), Integer.parseInt(written.group(2)));
    }

    private static LiftException refused(String text) {
        return new LiftException(
                "'" + text + "' is no part: write K/N with K from 1 to N, as 1/4 for the first of four.");
    }

    /**
     * This share of some steps, in their order. The inputs are dealt out one by one in the order in which they come up, each
     * with all its models, recipes and modes, so that every share has of everything.
     */
    public List<Step> of(List<Step> steps) {
        Map<List<Object>, Integer> places = new HashMap<>();
        List<Step> share = new ArrayList<>();
        for (Step step : steps) {
            int next = places.size();
            if (places.computeIfAbsent(input(step), fresh -> next) % count == number - 1) {
                share.add(step);
            }
        }
        return List.copyOf(share);
    }

    /** What is read: memories of a document are shared, whatever set it is of; all others are a unit's own. */
    private static List<Object> input(Step step) {
        return switch (step.unit()) {
            case Unit.Reading _ -> List.of(step.load().text());
            case Unit.Haystack unit -> List.of(Plan.NEEDLES, unit.tokens(), unit.depth(), unit.needle());
            case Unit.Speed unit -> List.of(Plan.EFFICIENCY, unit.tokens(), unit.repetition());
            case Unit.Order unit -> List.of(Plan.ORDER, unit.tokens(), unit.seed());
        };
    }
}
