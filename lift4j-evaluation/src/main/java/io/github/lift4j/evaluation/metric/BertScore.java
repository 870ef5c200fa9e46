package io.github.lift4j.evaluation.metric;

import java.util.List;

/**
 * BERTScore (Zhang et al. 2020, section 3): each token of the answer is compared with the token of the reference that it is
 * most like, by the cosine of their vectors, which gives the precision; each of the reference with the answer's, which gives
 * the recall. All tokens weigh the same, and nothing is rescaled, as in the official script's default.
 *
 * <p>A score holds only for the model that embeds: LooGLE's figures are of {@code roberta-large}, and what another model
 * gives cannot be compared with them. (LooGLE reports the recall, but hands the texts over the wrong way round, so what it
 * reports is the precision here.)
 *
 * @param embeddings the model
 */
public record BertScore(TokenEmbeddings embeddings) implements Metric {

    /** The F1; 0 where it is below. */
    @Override
    public double score(String prediction, String reference) {
        return Math.clamp(compare(prediction, reference).f1(), 0, 1);
    }

    /** Compares an answer with a reference; an empty text is like none. */
    public Agreement compare(String prediction, String reference) {
        List<float[]> given = units(prediction);
        List<float[]> right = units(reference);
        if (given.isEmpty() || right.isEmpty()) {
            return Agreement.NONE;
        }
        double precision = likeness(given, right);
        double recall = likeness(right, given);
        double sum = precision + recall;
        return new Agreement(precision, recall, sum == 0 ? 0 : 2 * precision * recall / sum);
    }

    private List<float[]> units(String text) {
        return text.isBlank()
                ? List.of()
                : embeddings.of(text).stream().map(BertScore::unit).toList();
    }

    private static float[] unit(float[] vector) {
        double length = Math.sqrt(dot(vector, vector));
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    private static double likeness(List<float[]> tokens, List<float[]> others) {
        return tokens.stream()
                .mapToDouble(token -> others.stream()
                        .mapToDouble(other -> dot(token, other))
                        .max()
                        .orElseThrow())
                .average()
                .orElseThrow();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
