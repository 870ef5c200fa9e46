package io.github.lift4j.engine.training;

/**
 * A teacher's distribution over the next token at some positions, of which only the likeliest tokens are kept.
 *
 * @param width how many tokens a position, at least 1
 * @param ids {@code [positions * width]}, distinct within a position
 * @param probabilities {@code [positions * width]}; those of a position are 1 together
 */
public record SoftTargets(int width, int[] ids, float[] probabilities) {

    public SoftTargets {
        if (width < 1 || ids.length % width != 0 || ids.length != probabilities.length) {
            throw new IllegalArgumentException("soft targets of width " + width + " with " + ids.length + " ids and "
                    + probabilities.length + " probabilities");
        }
    }

    /**
     * The distribution that has these log-probabilities but for a constant a position: what the teacher gave to all other
     * tokens is shared out among those kept.
     */
    public static SoftTargets normalised(int width, int[] ids, float[] logProbabilities) {
        float[] probabilities = new float[ids.length];
        for (int from = 0; from < ids.length; from += width) {
            double sum = 0;
            for (int i = from; i < from + width; i++) {
                sum += Math.exp(logProbabilities[i]);
            }
            for (int i = from; i < from + width; i++) {
                probabilities[i] = (float) (Math.exp(logProbabilities[i]) / sum);
            }
        }
        return new SoftTargets(width, ids, probabilities);
    }

    /** How many positions there are. */
    public int positions() {
        return ids.length / width;
    }

    /** What no student can go below in cross entropy: {@code -sum p log p} of a position, in nats. */
    double entropy(int position) {
        double entropy = 0;
        for (int i = position * width; i < (position + 1) * width; i++) {
            entropy -= probabilities[i] > 0 ? probabilities[i] * Math.log(probabilities[i]) : 0;
        }
        return entropy;
    }
}
