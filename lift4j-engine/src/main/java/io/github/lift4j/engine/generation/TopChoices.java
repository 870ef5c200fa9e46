package io.github.lift4j.engine.generation;

/**
 * The likeliest tokens at each of some positions of a text, as the model that wrote it saw them.
 *
 * @param width how many a position, at least 1
 * @param ids {@code [positions * width]}, the likeliest first within a position
 * @param logProbabilities in nats, at temperature 1, shaped as the ids
 */
public record TopChoices(int width, int[] ids, float[] logProbabilities) {

    public TopChoices {
        if (width < 1 || ids.length % width != 0 || logProbabilities.length != ids.length) {
            throw new IllegalArgumentException("top choices of width " + width + " with " + ids.length + " ids and "
                    + logProbabilities.length + " probabilities");
        }
    }

    /** How many positions there are. */
    public int positions() {
        return ids.length / width;
    }
}
