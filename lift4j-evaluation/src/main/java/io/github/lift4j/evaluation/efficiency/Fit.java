package io.github.lift4j.evaluation.efficiency;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;

/**
 * A polynomial through points by least squares, all points weighing the same.
 *
 * @param coefficients the constant first, for x in thousands of tokens
 * @param r2 share of the spread of y that the polynomial explains, 1 for all
 */
public record Fit(List<Double> coefficients, double r2) {

    /** Tokens in thousands keep the powers of x of one size. */
    private static final double UNIT = 1000;

    public Fit {
        coefficients = List.copyOf(coefficients);
    }

    /**
     * A straight line, as LIFT's time should be.
     *
     * @param tokens x, of at least 3 different lengths
     * @param values y
     */
    public static Fit linear(double[] tokens, double[] values) {
        return of(1, tokens, values);
    }

    /**
     * A parabola, as the time of reading everything into the window should be.
     *
     * @param tokens x, of at least 4 different lengths
     * @param values y
     */
    public static Fit quadratic(double[] tokens, double[] values) {
        return of(2, tokens, values);
    }

    private static Fit of(int degree, double[] tokens, double[] values) {
        double[][] powers = Arrays.stream(tokens)
                .mapToObj(x -> IntStream.rangeClosed(1, degree)
                        .mapToDouble(power -> Math.pow(x / UNIT, power))
                        .toArray())
                .toArray(double[][]::new);
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
        regression.newSampleData(values, powers);
        return new Fit(
                Arrays.stream(regression.estimateRegressionParameters()).boxed().toList(),
                regression.calculateRSquared());
    }

    /** The polynomial's value. */
    public double at(double tokens) {
        double value = 0;
        for (double coefficient : coefficients.reversed()) {
            value = value * tokens / UNIT + coefficient;
        }
        return value;
    }

    /** A coefficient, or 0 where the polynomial has no such power. */
    private double coefficient(int power) {
        return power < coefficients.size() ? coefficients.get(power) : 0;
    }

    /**
     * The length from which on this one, at most a parabola, is never more than the other.
     *
     * @return in tokens; 0 where it never is more, infinite where it is more for all long inputs
     */
    double lowerThanFrom(Fit other) {
        double a = other.coefficient(2) - coefficient(2);
        double b = other.coefficient(1) - coefficient(1);
        double c = other.coefficient(0) - coefficient(0);
        if (a < 0 || a == 0 && (b < 0 || b == 0 && c < 0)) {
            return Double.POSITIVE_INFINITY;
        }
        if (a == 0) {
            return b == 0 ? 0 : Math.max(0, -c / b) * UNIT;
        }
        double discriminant = b * b - 4 * a * c;
        return discriminant <= 0 ? 0 : Math.max(0, (-b + Math.sqrt(discriminant)) / (2 * a)) * UNIT;
    }
}
