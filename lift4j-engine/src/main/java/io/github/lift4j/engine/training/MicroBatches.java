package io.github.lift4j.engine.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Splits a step's examples into batches that fit the memory asked for. Examples of like length go together, the longest
 * first, because a batch is padded to its longest: a question beside a segment would be mostly padding.
 */
final class MicroBatches {

    /** An example shorter than this share of a batch's longest begins another one. */
    private static final double LEAST_SHARE = 0.5;

    private MicroBatches() {}

    static List<List<TrainingExample>> of(List<TrainingExample> examples, int tokens) {
        if (examples.isEmpty()) {
            return List.of();
        }
        List<TrainingExample> byLength = examples.stream()
                .sorted(Comparator.comparingInt((TrainingExample e) -> -e.tokens().length))
                .toList();
        List<List<TrainingExample>> batches = new ArrayList<>();
        List<TrainingExample> current = new ArrayList<>();
        for (TrainingExample example : byLength) {
            int longest = current.isEmpty() ? 0 : current.getFirst().tokens().length;
            boolean full = (long) longest * (current.size() + 1) > tokens;
            if (!current.isEmpty() && (full || example.tokens().length < LEAST_SHARE * longest)) {
                batches.add(current);
                current = new ArrayList<>();
            }
            current.add(example);
        }
        batches.add(current);
        return batches;
    }
}
