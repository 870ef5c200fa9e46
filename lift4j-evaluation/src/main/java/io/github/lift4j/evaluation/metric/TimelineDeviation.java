package io.github.lift4j.evaluation.metric;

import java.util.List;
import java.util.Set;

/**
 * How far an order of events is from the right one; 0 is right (LooGLE's reorder metrics, appendix of Li et al. 2023).
 *
 * <p>Let d be how many places each of the n events is away from its own.
 *
 * @param squared mean of d squared ({@code location_square_deviation})
 * @param mean mean of d ({@code location_mean_deviation})
 * @param swaps fewest exchanges of two events that mend the order: n less its cycles ({@code swap_deviation})
 * @param swapDistance fewest places that such exchanges reach over in all ({@code swap_distance_deviation}). The official
 *     script looks for them one by one; there is always one that brings both events nearer without overshooting, so the
 *     sum is half that of d.
 */
public record TimelineDeviation(double squared, double mean, int swaps, int swapDistance) {

    /**
     * Compares an order with the right one. What is no order of the same events is as far away as can be: the official
     * script means to do so, though its condition is the wrong way round.
     */
    public static TimelineDeviation of(List<Integer> predicted, List<Integer> answer) {
        int n = answer.size();
        if (n == 0 || Set.copyOf(answer).size() < n) {
            throw new IllegalArgumentException("the right order " + answer + " is none");
        }
        if (predicted.size() != n || !Set.copyOf(predicted).equals(Set.copyOf(answer))) {
            return worst(n);
        }
        int[] places = predicted.stream().mapToInt(answer::indexOf).toArray();
        long squares = 0;
        int sum = 0;
        for (int i = 0; i < n; i++) {
            int distance = Math.abs(places[i] - i);
            squares += (long) distance * distance;
            sum += distance;
        }
        return new TimelineDeviation((double) squares / n, (double) sum / n, n - cycles(places), sum / 2);
    }

    /**
     * The largest deviations of {@code n} events ({@code get_max_...}): the reverse order's, and for the exchanges a single
     * cycle's.
     *
     * @param n at least 1
     */
    public static TimelineDeviation worst(int n) {
        return new TimelineDeviation(((double) n * n - 1) / 3, (double) (n * n / 2) / n, n - 1, n * n / 4);
    }

    private static int cycles(int[] places) {
        boolean[] seen = new boolean[places.length];
        int cycles = 0;
        for (int start = 0; start < places.length; start++) {
            cycles += seen[start] ? 0 : 1;
            for (int at = start; !seen[at]; at = places[at]) {
                seen[at] = true;
            }
        }
        return cycles;
    }
}
