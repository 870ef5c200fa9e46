package io.github.lift4j.report;

import java.util.Map;

/**
 * How an answer was scored.
 *
 * @param name as findings call it, such as {@code rouge_l}
 */
public record Measure(String name) {

    static final Measure JUDGE = new Measure("judge");
    static final Measure NLL = new Measure("nll");
    static final Measure F1 = new Measure("f1");
    static final Measure ROUGE_L = new Measure("rouge_l");
    static final Measure RETRIEVAL = new Measure("retrieval");
    static final Measure CONCORDANCE = new Measure("concordance");

    private static final Map<String, String> LABELS = Map.ofEntries(
            Map.entry("judge", "Judge"),
            Map.entry("score", "Score"),
            Map.entry("nll", "NLL"),
            Map.entry("f1", "F1"),
            Map.entry("rouge_l", "ROUGE-L"),
            Map.entry("retrieval", "Retrieval accuracy"),
            Map.entry("concordance", "Concordance index"),
            Map.entry("count", "Count accuracy"),
            Map.entry("classification", "Classification accuracy"),
            Map.entry("edit_similarity", "Edit similarity"),
            Map.entry("accuracy", "Accuracy"),
            Map.entry("exact_match", "Exact match"));

    /** What a reader calls it. */
    public String label() {
        return LABELS.getOrDefault(name, name);
    }

    /** By how much a value is multiplied to be printed: scores are printed from 0 to 100, as the paper does. */
    double scale() {
        return equals(NLL) ? 1 : 100;
    }
}
