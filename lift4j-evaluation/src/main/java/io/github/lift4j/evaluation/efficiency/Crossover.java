package io.github.lift4j.evaluation.efficiency;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/**
 * The length from which on absorbing is faster than reading everything into the window: where LIFT's line stays below
 * ICL's parabola.
 *
 * <p>The interval is by the wild bootstrap (Wu 1986): each measured time is its fitted one plus or minus what it was off
 * by, as a coin falls; both curves are fitted anew, and the middle 95% of the lengths so found is the interval. It keeps
 * the lengths that were measured, and that long inputs scatter more. With few measurements it is too narrow.
 *
 * @param tokens the length; infinite where the curves as fitted never cross
 * @param low the interval's lower end
 * @param high its upper end; infinite where too many of the curves so drawn never cross
 * @param longestMeasured of both modes; what lies beyond is extrapolated
 */
public record Crossover(double tokens, double low, double high, int longestMeasured) {

    private static final int RESAMPLES = 2000;
    private static final double TAIL = 0.025;

    /** Whether the length lies beyond what both modes were measured at. */
    public boolean extrapolated() {
        return tokens > longestMeasured;
    }

    /**
     * Finds it.
     *
     * @param random decides what is drawn
     * @return empty where one of both has too few lengths for its fit
     */
    public static Optional<Crossover> of(Curve lift, Curve icl, RandomGenerator random) {
        if (lift.linear().isEmpty() || icl.quadratic().isEmpty()) {
            return Optional.empty();
        }
        Fit line = lift.linear().get();
        Fit parabola = icl.quadratic().get();
        double[] drawn = new double[RESAMPLES];
        Arrays.setAll(
                drawn,
                i -> redrawn(lift.points(), line, Fit::linear, random)
                        .lowerThanFrom(redrawn(icl.points(), parabola, Fit::quadratic, random)));
        Arrays.sort(drawn);
        return Optional.of(new Crossover(
                line.lowerThanFrom(parabola),
                drawn[(int) Math.floor(TAIL * (RESAMPLES - 1))],
                drawn[(int) Math.ceil((1 - TAIL) * (RESAMPLES - 1))],
                Math.min(longest(lift), longest(icl))));
    }

    private static Fit redrawn(
            List<Curve.Point> points, Fit fit, BiFunction<double[], double[], Fit> again, RandomGenerator random) {
        double[] tokens = points.stream().mapToDouble(Curve.Point::tokens).toArray();
        double[] values = points.stream()
                .mapToDouble(point -> {
                    double fitted = fit.at(point.tokens());
                    return random.nextBoolean() ? point.value() : 2 * fitted - point.value();
                })
                .toArray();
        return again.apply(tokens, values);
    }

    private static int longest(Curve curve) {
        return curve.points().stream().mapToInt(Curve.Point::tokens).max().orElseThrow();
    }
}
