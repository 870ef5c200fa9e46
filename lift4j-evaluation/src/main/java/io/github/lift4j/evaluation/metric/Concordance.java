package io.github.lift4j.evaluation.metric;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far an order agrees with the right one (BAMBOO's concordance index; the LIFT paper's coordinate score): the share of
 * all pairs of things that stand in the same order in both.
 *
 * @param index 0 for the reverse order to 1 for the right one
 * @param lengthMismatch whether more or fewer things were ordered than there are
 */
public record Concordance(double index, boolean lengthMismatch) {

    private record Pair(int first, int second) {}

    /**
     * Compares an order with the right one. Each may count from 0, or from 1: it does where its least number is 1.
     *
     * @param answer the right order of at least two things
     */
    public static Concordance of(List<Integer> predicted, List<Integer> answer) {
        if (answer.size() < 2) {
            throw new IllegalArgumentException("an order has at least 2 things, not " + answer.size());
        }
        Set<Pair> given = pairs(predicted);
        Set<Pair> right = pairs(answer);
        long shared = right.stream().filter(given::contains).count();
        return new Concordance((double) shared / right.size(), predicted.size() != answer.size());
    }

    /** What BAMBOO reports: nothing is given for an order of too many or too few things. */
    public double score() {
        return lengthMismatch ? 0 : index;
    }

    private static Set<Pair> pairs(List<Integer> order) {
        int first = order.stream().mapToInt(Integer::intValue).min().orElse(0) == 1 ? 1 : 0;
        Set<Pair> pairs = new HashSet<>();
        for (int i = 0; i < order.size(); i++) {
            for (int j = i + 1; j < order.size(); j++) {
                pairs.add(new Pair(order.get(i) - first, order.get(j) - first));
            }
        }
        return pairs;
    }
}
