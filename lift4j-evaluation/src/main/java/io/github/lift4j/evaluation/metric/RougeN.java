package io.github.lift4j.evaluation.metric;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * ROUGE-N: how many different sequences of {@code n} words answer and reference share (Lin 2004). As the Python package
 * {@code rouge} counts it, which LooGLE's script calls: a sequence counts once, and may reach over a sentence's end.
 *
 * @param n words of a sequence, at least 1
 */
public record RougeN(int n) {

    public RougeN {
        if (n < 1) {
            throw new IllegalArgumentException("a sequence has at least 1 word, not " + n);
        }
    }

    /** Compares an answer with a reference. LooGLE reports the recall. */
    public Agreement compare(String prediction, String reference) {
        Set<List<String>> given = sequences(prediction);
        Set<List<String>> right = sequences(reference);
        Set<List<String>> shared = new HashSet<>(given);
        shared.retainAll(right);
        return Agreement.byRouge(shared.size(), given.size(), right.size());
    }

    private Set<List<String>> sequences(String text) {
        List<String> words = RougeText.of(text).words();
        return IntStream.rangeClosed(0, words.size() - n)
                .mapToObj(start -> words.subList(start, start + n))
                .collect(Collectors.toSet());
    }
}
