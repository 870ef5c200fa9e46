package io.github.lift4j.evaluation.metric;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * F1 of the words that answer and reference share, each as often as both have it (LongBench's {@code qa_f1_score}, after
 * SQuAD). Case, ASCII punctuation and the English articles do not count.
 */
public final class TokenF1 implements Metric {

    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");

    /** Python's word boundary: its word characters are letters, numbers of any kind, and the underscore. */
    private static final Pattern ARTICLE = Pattern.compile("(?<![\\p{L}\\p{N}_])(?:a|an|the)(?![\\p{L}\\p{N}_])");

    @Override
    public double score(String prediction, String reference) {
        List<String> given = words(prediction);
        List<String> right = words(reference);
        return Agreement.exact(shared(given, right), given.size(), right.size()).f1();
    }

    private static List<String> words(String text) {
        String plain = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return PythonText.words(ARTICLE.matcher(plain).replaceAll(" "));
    }

    private static int shared(List<String> given, List<String> right) {
        Map<String, Integer> left = new HashMap<>();
        right.forEach(word -> left.merge(word, 1, Integer::sum));
        int shared = 0;
        for (String word : given) {
            shared += left.merge(word, -1, Integer::sum) >= 0 ? 1 : 0;
        }
        return shared;
    }
}
