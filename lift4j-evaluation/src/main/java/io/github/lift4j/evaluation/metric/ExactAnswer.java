package io.github.lift4j.evaluation.metric;

import java.util.Locale;

/**
 * Whether an answer is the right one but for case, white space and full stops around it (BAMBOO's {@code altqa_accuracy}).
 */
public final class ExactAnswer implements Metric {

    @Override
    public double score(String prediction, String reference) {
        return plain(prediction).equals(plain(reference)) ? 1 : 0;
    }

    private static String plain(String text) {
        return PythonText.withoutOuterStops(PythonText.strip(text)).toLowerCase(Locale.ROOT);
    }
}
