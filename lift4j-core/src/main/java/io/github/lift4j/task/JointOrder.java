package io.github.lift4j.task;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The order of a text's passages that is the likeliest by their {@linkplain Joint joints}. */
public final class JointOrder {

    /** More pieces have too many orders to be tried. */
    public static final int MOST_PIECES = 7;

    private JointOrder() {}

    /**
     * Of all orders the one with the highest sum of odds over neighbours; of several the first in the order of their
     * numbers.
     *
     * @param odds {@code [n][n]}, 2 &le; n &le; {@link #MOST_PIECES}, in nats: how much likelier it is that piece {@code j}
     *     follows right behind piece {@code i} than that it does not; the diagonal is not looked at
     * @return the pieces in their order, counted from 0
     */
    public static List<Integer> of(double[][] odds) {
        int pieces = odds.length;
        if (pieces < 2 || pieces > MOST_PIECES || Stream.of(odds).anyMatch(row -> row.length != pieces)) {
            throw new IllegalArgumentException(
                    "odds are a square of 2 to " + MOST_PIECES + " pieces, and here are " + pieces);
        }
        return orders(pieces)
                .max(Comparator.comparingDouble(order -> sum(order, odds)))
                .orElseThrow();
    }

    private static double sum(List<Integer> order, double[][] odds) {
        return IntStream.range(1, order.size())
                .mapToDouble(i -> odds[order.get(i - 1)][order.get(i)])
                .sum();
    }

    /** All orders of a few pieces that are numbered from 0, in the order of their numbers. */
    public static Stream<List<Integer>> orders(int pieces) {
        return orders(List.of(), pieces);
    }

    private static Stream<List<Integer>> orders(List<Integer> begun, int pieces) {
        return begun.size() == pieces
                ? Stream.of(begun)
                : IntStream.range(0, pieces)
                        .boxed()
                        .filter(next -> !begun.contains(next))
                        .flatMap(next -> orders(
                                Stream.concat(begun.stream(), Stream.of(next)).toList(), pieces));
    }
}
