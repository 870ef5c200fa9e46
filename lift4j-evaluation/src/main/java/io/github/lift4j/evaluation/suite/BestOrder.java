package io.github.lift4j.evaluation.suite;

import io.github.lift4j.task.JointOrder;
import java.util.Comparator;
import java.util.List;

/** Of all orders the one with the highest mean concordance with some gold orders: most pairs stand in it as in those. */
final class BestOrder {

    private BestOrder() {}

    /**
     * The best order; the first of several in the order of their numbers.
     *
     * @param gold orders of all things, numbered from 0
     * @param things few, for all their orders are tried
     */
    static List<Integer> of(List<List<Integer>> gold, int things) {
        int[][] before = new int[things][things];
        for (List<Integer> order : gold) {
            for (int i = 0; i < things; i++) {
                for (int j = i + 1; j < things; j++) {
                    before[order.get(i)][order.get(j)]++;
                }
            }
        }
        return JointOrder.orders(things)
                .max(Comparator.comparingInt((List<Integer> order) -> agreeing(order, before))
                        .thenComparing(List::toString, Comparator.reverseOrder()))
                .orElseThrow();
    }

    private static int agreeing(List<Integer> order, int[][] before) {
        int agreeing = 0;
        for (int i = 0; i < order.size(); i++) {
            for (int j = i + 1; j < order.size(); j++) {
                agreeing += before[order.get(i)][order.get(j)];
            }
        }
        return agreeing;
    }
}
