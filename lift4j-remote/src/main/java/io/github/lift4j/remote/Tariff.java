package io.github.lift4j.remote;

/**
 * What a provider asks, in whichever currency, and how fast it is.
 *
 * @param input price of a million tokens read
 * @param output price of a million tokens written
 * @param training price of a million tokens trained; each epoch counts
 * @param tokensPerSecond tokens written or trained in a second, positive
 */
public record Tariff(double input, double output, double training, double tokensPerSecond) {

    public Tariff {
        if (!(input >= 0 && output >= 0 && training >= 0)) {
            throw new IllegalArgumentException("prices are not negative");
        }
        if (!(tokensPerSecond > 0)) {
            throw new IllegalArgumentException("a speed is positive, not " + tokensPerSecond);
        }
    }
}
