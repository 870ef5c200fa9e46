package io.github.lift4j.evaluation.metric;

/** Whether an answer's first line names the right speaker, as {@link ExactAnswer} has it (BAMBOO's {@code pred_accuracy}). */
public final class SpeakerAccuracy implements Metric {

    private final ExactAnswer exact = new ExactAnswer();

    @Override
    public double score(String prediction, String reference) {
        return exact.score(prediction.split("\n", 2)[0], reference);
    }
}
