package io.github.lift4j.evaluation.efficiency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.evaluation.result.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class CurveTest {

    private static final List<Integer> LENGTHS = List.of(1000, 2000, 4000, 8000, 16000, 32000);

    private static List<Finding.Timing> timings(String mode, double noise, IntToDoubleFunction seconds) {
        SplittableRandom random = new SplittableRandom(1);
        List<Finding.Timing> timings = new ArrayList<>();
        for (int tokens : LENGTHS) {
            for (int repetition = 1; repetition <= 3; repetition++) {
                double measured = seconds.applyAsDouble(tokens) * (1 + noise * random.nextGaussian());
                timings.add(timing(mode, tokens, repetition, OptionalDouble.of(measured), false));
            }
        }
        return timings;
    }

    private static Finding.Timing timing(
            String mode, int tokens, int repetition, OptionalDouble seconds, boolean outOfMemory) {
        OptionalLong bytes = seconds.isPresent() ? OptionalLong.of(1_000_000L + 10L * tokens) : OptionalLong.empty();
        return new Finding.Timing(mode, tokens, repetition, seconds, Map.of(), bytes, outOfMemory);
    }

    private static Curve line(double noise) {
        return Curve.ofSeconds("lift", timings("lift", noise, n -> 2 + n / 1000.0));
    }

    private static Curve parabola(double noise) {
        return Curve.ofSeconds("icl", timings("icl", noise, n -> 1 + 0.02 * n / 1000 * n / 1000));
    }

    @Property(tries = 50)
    void findsThePolynomialThatThePointsAreOf(
            @ForAll @DoubleRange(min = -5, max = 5) double a, @ForAll @DoubleRange(min = -5, max = 5) double b) {
        double[] x = LENGTHS.stream().mapToDouble(n -> n).toArray();
        double[] y = LENGTHS.stream()
                .mapToDouble(n -> 3 + a * n / 1000 + b * n / 1000 * n / 1000)
                .toArray();
        Fit fit = Fit.quadratic(x, y);
        assertThat(fit.at(5000)).isCloseTo(3 + 5 * a + 25 * b, within(1e-6));
        assertThat(fit.coefficients()).hasSize(3);
    }

    /** The normal equations of these points, solved in fractions. */
    @Test
    void agreesWithTheNormalEquations() {
        double[] x = {1000, 2000, 3000, 5000};
        double[] y = {1.0, 2.5, 2.9, 6.1};
        Fit linear = Fit.linear(x, y);
        assertThat(linear.coefficients().getFirst()).isCloseTo(-0.27714285714285714, within(1e-9));
        assertThat(linear.coefficients().getLast()).isCloseTo(1.237142857142857, within(1e-9));
        assertThat(linear.r2()).isCloseTo(0.9699128320529733, within(1e-9));
        assertThat(Fit.quadratic(x, y).r2()).isCloseTo(0.9786084637795665, within(1e-9));
    }

    @Test
    void findsWhereTheCurvesCross() {
        // 2 + x = 1 + 0.02 x^2 at x = 25 + sqrt(675)
        double crossing = (25 + Math.sqrt(675)) * 1000;
        Crossover exact =
                Crossover.of(line(0), parabola(0), new SplittableRandom(0)).orElseThrow();
        assertThat(exact.tokens()).isCloseTo(crossing, within(1e-3));
        assertThat(exact.low()).isCloseTo(crossing, within(1e-3));
        assertThat(exact.high()).isCloseTo(crossing, within(1e-3));
        assertThat(exact.extrapolated()).isTrue();

        Crossover noisy = Crossover.of(line(0.02), parabola(0.02), new SplittableRandom(0))
                .orElseThrow();
        assertThat(crossing).isBetween(noisy.low(), noisy.high());
        assertThat(noisy.high() - noisy.low()).isBetween(100.0, 20_000.0);
        assertThat(Crossover.of(line(0.02), parabola(0.02), new SplittableRandom(0)))
                .contains(noisy);
    }

    @Test
    void saysWhenTheyNeverCross() {
        Curve cheap = Curve.ofSeconds("icl", timings("icl", 0, n -> n / 1e6 - 1e-12 * n * n));
        assertThat(Crossover.of(line(0), cheap, new SplittableRandom(0))
                        .orElseThrow()
                        .tokens())
                .isInfinite();
        Curve dear = Curve.ofSeconds("icl", timings("icl", 0, n -> 100.0 + n + 1e-6 * n * n));
        assertThat(Crossover.of(line(0), dear, new SplittableRandom(0))
                        .orElseThrow()
                        .tokens())
                .isZero();
    }

    @Test
    void marksWhereMemoryOrTheWindowEnded() {
        List<Finding.Timing> timings = new ArrayList<>(timings("icl", 0, n -> n));
        timings.add(timing("icl", 128_000, 1, OptionalDouble.empty(), true));
        timings.add(timing("icl", 64_000, 1, OptionalDouble.empty(), true));
        timings.add(timing("icl", 256_000, 1, OptionalDouble.empty(), false));
        timings.add(timing("lift", 10, 1, OptionalDouble.of(1), false));
        Curve curve = Curve.ofSeconds("icl", timings);

        assertThat(curve.outOfMemoryFrom()).hasValue(64_000);
        assertThat(curve.tooLongFrom()).hasValue(256_000);
        assertThat(curve.points()).hasSize(18);
        assertThat(curve.linear().orElseThrow().r2()).isCloseTo(1, within(1e-9));
        assertThat(Curve.ofPeakBytes("icl", timings).linear().orElseThrow().at(0))
                .isCloseTo(1e6, within(1.0));
        Curve one = Curve.ofSeconds("lift", timings);
        assertThat(one.linear()).isEmpty();
        assertThat(one.outOfMemoryFrom()).isEmpty();
        assertThat(Crossover.of(one, curve, new SplittableRandom(0))).isEmpty();
    }
}
