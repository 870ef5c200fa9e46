package io.github.lift4j.engine.training;

import java.util.ArrayList;
import java.util.List;

/** Splits a step's examples into batches that fit the memory asked for, in order, so that a run repeats. */
final class MicroBatches {

    private MicroBatches() {}

    static List<List<TrainingExample>> of(List<TrainingExample> examples, int tokens) {
        List<List<TrainingExample>> batches = new ArrayList<>();
        List<TrainingExample> current = new ArrayList<>();
        int longest = 0;
        for (TrainingExample example : examples) {
            int padded = Math.max(longest, example.tokens().length);
            if (!current.isEmpty() && (long) padded * (current.size() + 1) > tokens) {
                batches.add(current);
                current = new ArrayList<>();
                padded = example.tokens().length;
            }
            current.add(example);
            longest = padded;
        }
        batches.add(current);
        return batches;
    }
}
