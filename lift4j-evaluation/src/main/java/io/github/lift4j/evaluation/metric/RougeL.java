package io.github.lift4j.evaluation.metric;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * ROUGE-L of whole summaries: the words in the union of the longest common subsequences of every sentence of the reference
 * with every sentence of the answer (Lin 2004, section 3.2). As the Python package {@code rouge} counts it, which LooGLE's
 * and LongBench's scripts call: different words of the union, over the different words of either text.
 */
public final class RougeL implements Metric {

    /** Its F1, which is what LongBench reports. */
    @Override
    public double score(String prediction, String reference) {
        return compare(prediction, reference).f1();
    }

    /** Compares an answer with a reference. LooGLE reports the recall. */
    public Agreement compare(String prediction, String reference) {
        RougeText given = RougeText.of(prediction);
        RougeText right = RougeText.of(reference);
        Set<String> union = new HashSet<>();
        for (List<String> sentence : right.sentences()) {
            for (List<String> other : given.sentences()) {
                union.addAll(CommonSubsequence.of(sentence, other));
            }
        }
        return Agreement.byRouge(union.size(), distinct(given), distinct(right));
    }

    private static int distinct(RougeText text) {
        return Set.copyOf(text.words()).size();
    }
}
