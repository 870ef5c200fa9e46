package io.github.lift4j.evaluation.metric;

import java.util.List;
import java.util.Locale;

/**
 * Precision, recall and F1 of verdicts over a whole set (BAMBOO's {@code senhallu} and {@code abshallu}): of the hypotheses
 * that were called right, and of those that are.
 */
public final class Verdicts {

    private Verdicts() {}

    /** Whether an answer says yes: it does where "yes" stands in its first three characters. */
    public static boolean saysYes(String prediction) {
        String answer = PythonText.strip(prediction);
        return answer.substring(0, Math.min(3, answer.length()))
                .toLowerCase(Locale.ROOT)
                .contains("yes");
    }

    /**
     * Compares answers with what holds, in the same order; all is 0 where no hypothesis that holds was called right.
     *
     * @param predictions one answer a hypothesis
     * @param holds whether each hypothesis holds, as many as there are answers
     */
    public static Agreement compare(List<String> predictions, List<Boolean> holds) {
        if (predictions.size() != holds.size()) {
            throw new IllegalArgumentException(
                    predictions.size() + " answers are not those to " + holds.size() + " hypotheses");
        }
        int shared = 0;
        int given = 0;
        for (int i = 0; i < holds.size(); i++) {
            boolean yes = saysYes(predictions.get(i));
            given += yes ? 1 : 0;
            shared += yes && holds.get(i) ? 1 : 0;
        }
        int right = (int) holds.stream().filter(hold -> hold).count();
        return Agreement.exact(shared, given, right);
    }
}
