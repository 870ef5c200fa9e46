package io.github.lift4j.task;

import java.util.Locale;

/**
 * What making tasks takes, told before it begins: at most so much, since not every request may be needed.
 *
 * @param requests to a language model
 * @param inputTokens tokens that a model behind an endpoint reads; 0 where the model is at hand
 * @param outputTokens tokens that it writes at most
 * @param price what it asks, in the tariff's currency; 0 where nobody knows
 * @param seconds that it takes; 0 where nobody knows
 */
public record Effort(long requests, long inputTokens, long outputTokens, double price, double seconds) {

    /** No model is asked. */
    public static final Effort NONE = ofRequests(0);

    /** Requests to a model at hand. */
    public static Effort ofRequests(long requests) {
        return new Effort(requests, 0, 0, 0, 0);
    }

    /** Both, one after the other. */
    public Effort plus(Effort other) {
        return new Effort(
                requests + other.requests,
                inputTokens + other.inputTokens,
                outputTokens + other.outputTokens,
                price + other.price,
                seconds + other.seconds);
    }

    /** One sentence for a person. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder(
                String.format(Locale.ROOT, "The tasks take at most %,d requests to a language model", requests));
        if (outputTokens > 0) {
            words.append(String.format(
                    Locale.ROOT, ", which reads some %,d tokens and writes at most %,d", inputTokens, outputTokens));
        }
        if (price > 0) {
            words.append(String.format(Locale.ROOT, ", for a price of some %.2f", price));
        }
        if (seconds > 0) {
            words.append(String.format(Locale.ROOT, ", in some %.0f min", Math.ceil(seconds / 60)));
        }
        return words.append('.').toString();
    }
}
