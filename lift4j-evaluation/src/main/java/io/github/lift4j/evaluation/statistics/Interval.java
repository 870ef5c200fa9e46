package io.github.lift4j.evaluation.statistics;

/**
 * A mean and the range that its true value is in, as far as the sample tells.
 *
 * @param mean of the sample
 * @param low the range's lower end
 * @param high the range's upper end
 */
public record Interval(double mean, double low, double high) {

    /** Whether the range holds a value; a difference whose range holds 0 may be chance. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
