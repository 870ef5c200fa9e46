package io.github.lift4j.evaluation.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether an answer names the right class (LongBench's {@code classification_score}): 1 over the number of classes that it
 * names, if the right one is among them. A class whose name is part of the right one's does not count as named.
 *
 * @param classes the names of all classes
 */
public record ClassificationScore(List<String> classes) implements Metric {

    public ClassificationScore {
        classes = List.copyOf(classes);
    }

    @Override
    public double score(String prediction, String reference) {
        List<String> named =
                new ArrayList<>(classes.stream().filter(prediction::contains).toList());
        // The official script removes from the list that it walks through, so what follows a removed name stays unseen.
        for (int i = 0; i < named.size(); i++) {
            String name = named.get(i);
            if (reference.contains(name) && !name.equals(reference)) {
                named.remove(name);
            }
        }
        return named.contains(reference) ? 1.0 / named.size() : 0;
    }
}
