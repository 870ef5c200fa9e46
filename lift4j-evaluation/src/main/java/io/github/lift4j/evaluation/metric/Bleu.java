package io.github.lift4j.evaluation.metric;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU's precision of sequences of exactly {@code n} words (Papineni et al. 2002), as LooGLE computes BLEU-1 and BLEU-4:
 * {@code sentence_bleu} of NLTK with all weight on {@code n} and no smoothing.
 *
 * <p>{@code exp(min(0, 1 - r / c)) * p_n}, with c the answer's and r the reference's words and p_n the share of the
 * answer's sequences that the reference has, each counted at most as often as there. Where no word is shared it is 0;
 * where words but no sequence are, NLTK takes the smallest normal number for p_n, so it is as good as 0.
 *
 * @param n words of a sequence, at least 1
 */
public record Bleu(int n) implements Metric {

    public Bleu {
        if (n < 1) {
            throw new IllegalArgumentException("a sequence has at least 1 word, not " + n);
        }
    }

    @Override
    public double score(String prediction, String reference) {
        List<String> given = PythonText.words(prediction);
        List<String> right = PythonText.words(reference);
        if (shared(given, right, 1) == 0) {
            return 0;
        }
        int shared = shared(given, right, n);
        double precision = shared == 0 ? Double.MIN_NORMAL : (double) shared / Math.max(1, given.size() - n + 1);
        return brevity(given.size(), right.size()) * precision;
    }

    private static double brevity(int given, int right) {
        return given > right ? 1 : Math.exp(1 - (double) right / given);
    }

    private static int shared(List<String> given, List<String> right, int n) {
        Map<List<String>, Integer> left = new HashMap<>();
        for (int i = 0; i + n <= right.size(); i++) {
            left.merge(right.subList(i, i + n), 1, Integer::sum);
        }
        int shared = 0;
        for (int i = 0; i + n <= given.size(); i++) {
            shared += left.merge(given.subList(i, i + n), -1, Integer::sum) >= 0 ? 1 : 0;
        }
        return shared;
    }
}
