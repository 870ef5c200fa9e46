package io.github.lift4j.evaluation.metric;

import java.util.List;

/** A measure of how well an answer agrees with the right one. */
@FunctionalInterface
public interface Metric {

    /**
     * Compares an answer with a right one.
     *
     * @param prediction what the model wrote; may be empty
     * @param reference the right answer
     * @return 0 for none to 1 for full agreement
     */
    double score(String prediction, String reference);

    /** The score against the right answer that comes closest, as LongBench does it; 0 where there is none. */
    default double best(String prediction, List<String> references) {
        return references.stream()
                .mapToDouble(reference -> score(prediction, reference))
                .max()
                .orElse(0);
    }

    /**
     * The same measure of an answer's first line, as LongBench takes it of {@code trec}, {@code triviaqa} and {@code
     * samsum}: their few-shot prompts make models go on with the next example.
     */
    default Metric ofFirstLine() {
        return (prediction, reference) ->
                score(PythonText.withoutLeadingNewlines(prediction).split("\n", 2)[0], reference);
    }
}
