package io.github.lift4j.remote;

/**
 * What a provider asks, in whichever currency, and how fast it is.
 *
 * @param input price of a million tokens read
 * @param output price of a million tokens written
 * @param training price of a million tokens trained; each epoch counts
 * @param tokensPerSecond tokens written or trained in a second, positive; infinite where it is not known, and then no
 *     time is estimated
 */
public record Tariff(double input, double output, double training, double tokensPerSecond) {

    /** A price of training, where no other is known and nothing of the speed. */
    public static Tariff ofTraining(double price) {
        return new Tariff(0, 0, price, Double.POSITIVE_INFINITY);
    }

    public Tariff {
        if (!(input >= 0 && output >= 0 && training >= 0)) {
            throw new IllegalArgumentException("prices are not negative");
        }
        if (!(tokensPerSecond > 0)) {
            throw new IllegalArgumentException("a speed is positive, not " + tokensPerSecond);
        }
    }
}
