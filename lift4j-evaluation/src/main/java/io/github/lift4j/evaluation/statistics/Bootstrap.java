package io.github.lift4j.evaluation.statistics;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The percentile bootstrap (Efron 1979): the sample is drawn from itself with replacement, as often and as large as
 * wanted, and the middle share of the means so found is the interval. It needs no assumption on how scores are spread,
 * which suits scores that are mostly 0 or 1.
 *
 * <p>It takes the scores to be independent. Below about 20 of them the interval is too narrow.
 *
 * @param resamples how often the sample is drawn, at least 100
 * @param confidence share of the means inside the interval, between 0 and 1
 */
public record Bootstrap(int resamples, double confidence) {

    /** 10,000 resamples, 95%. */
    public static final Bootstrap DEFAULT = new Bootstrap(10_000, 0.95);

    public Bootstrap {
        if (resamples < 100 || !(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "a bootstrap takes at least 100 resamples and a confidence between 0 and 1," + " not " + resamples
                            + " and " + confidence);
        }
    }

    /**
     * The mean's interval.
     *
     * @param scores at least one
     * @param random decides what is drawn; the same generator state gives the same interval
     */
    public Interval mean(double[] scores, RandomGenerator random) {
        if (scores.length == 0) {
            throw new IllegalArgumentException("no scores have no mean");
        }
        double[] means = new double[resamples];
        Arrays.setAll(
                means,
                i -> random.ints(scores.length, 0, scores.length)
                                .mapToDouble(drawn -> scores[drawn])
                                .sum()
                        / scores.length);
        Arrays.sort(means);
        double tail = (1 - confidence) / 2;
        return new Interval(
                Arrays.stream(scores).sum() / scores.length, quantile(means, tail), quantile(means, 1 - tail));
    }

    /**
     * The interval of how much higher the mean of {@code scores} is than that of {@code baseline}. Both are of the same
     * questions in the same order; what makes a question hard makes it so for both, so the pairs are drawn and not the two
     * samples.
     *
     * @param scores at least one
     * @param baseline as many
     */
    public Interval difference(double[] scores, double[] baseline, RandomGenerator random) {
        if (scores.length != baseline.length) {
            throw new IllegalArgumentException(
                    scores.length + " scores and " + baseline.length + " are not of the same questions");
        }
        double[] differences = IntStream.range(0, scores.length)
                .mapToDouble(i -> scores[i] - baseline[i])
                .toArray();
        return mean(differences, random);
    }

    /** Between the two nearest values in proportion, as NumPy does it. */
    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
