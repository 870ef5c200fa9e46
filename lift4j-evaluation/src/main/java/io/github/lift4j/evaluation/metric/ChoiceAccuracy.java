package io.github.lift4j.evaluation.metric;

import java.util.Locale;

/**
 * Whether an answer begins with the right option's letter, in upper or lower case (BAMBOO's {@code qa_accuracy}). An
 * answer such as "The answer is A" or "[A]" is wrong by it.
 */
public final class ChoiceAccuracy implements Metric {

    @Override
    public double score(String prediction, String reference) {
        String answer = PythonText.strip(prediction);
        String letter = answer.isEmpty() ? "" : answer.substring(0, 1).toUpperCase(Locale.ROOT);
        return "ABCD".contains(letter) && letter.equals(reference) ? 1 : 0;
    }
}
