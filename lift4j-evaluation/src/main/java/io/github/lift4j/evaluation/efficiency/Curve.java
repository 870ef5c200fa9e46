package io.github.lift4j.evaluation.efficiency;

import io.github.lift4j.evaluation.result.Finding;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * How a mode's time, or its memory, grows with the input.
 *
 * @param mode by its name
 * @param points what was measured, in no order
 * @param linear through the points; empty below 3 different lengths
 * @param quadratic through the points; empty below 4
 * @param outOfMemoryFrom the shortest input for which memory ran out: the figure's cross
 * @param tooLongFrom the shortest input that the model's window does not hold whole
 */
public record Curve(
        String mode,
        List<Point> points,
        Optional<Fit> linear,
        Optional<Fit> quadratic,
        OptionalInt outOfMemoryFrom,
        OptionalInt tooLongFrom) {

    /**
     * One measurement.
     *
     * @param tokens of the input
     * @param value seconds, or bytes
     */
    public record Point(int tokens, double value) {}

    public Curve {
        points = List.copyOf(points);
    }

    /** The time to the first token in seconds, out of the findings of that mode. */
    public static Curve ofSeconds(String mode, Collection<Finding.Timing> timings) {
        return of(
                mode,
                timings,
                timings.stream()
                        .filter(timing -> timing.mode().equals(mode))
                        .filter(timing -> timing.seconds().isPresent())
                        .map(timing ->
                                new Point(timing.tokens(), timing.seconds().getAsDouble()))
                        .toList());
    }

    /** The peak of memory in bytes, out of the findings of that mode. */
    public static Curve ofPeakBytes(String mode, Collection<Finding.Timing> timings) {
        return of(
                mode,
                timings,
                timings.stream()
                        .filter(timing -> timing.mode().equals(mode))
                        .filter(timing -> timing.peakBytes().isPresent())
                        .map(timing ->
                                new Point(timing.tokens(), timing.peakBytes().getAsLong()))
                        .toList());
    }

    private static Curve of(String mode, Collection<Finding.Timing> timings, List<Point> points) {
        double[] x = points.stream().mapToDouble(Point::tokens).toArray();
        double[] y = points.stream().mapToDouble(Point::value).toArray();
        long lengths = points.stream().mapToInt(Point::tokens).distinct().count();
        return new Curve(
                mode,
                points,
                lengths < 3 ? Optional.empty() : Optional.of(Fit.linear(x, y)),
                lengths < 4 ? Optional.empty() : Optional.of(Fit.quadratic(x, y)),
                shortest(mode, timings, Finding.Timing::outOfMemory),
                shortest(mode, timings, timing -> timing.seconds().isEmpty() && !timing.outOfMemory()));
    }

    private static OptionalInt shortest(
            String mode, Collection<Finding.Timing> timings, Predicate<Finding.Timing> failed) {
        return timings.stream()
                .filter(timing -> timing.mode().equals(mode))
                .filter(failed)
                .mapToInt(Finding.Timing::tokens)
                .min();
    }
}
