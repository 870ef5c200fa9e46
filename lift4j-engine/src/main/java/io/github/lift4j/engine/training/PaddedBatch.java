package io.github.lift4j.engine.training;

import java.util.List;

/**
 * Examples side by side, padded to one length. Padding stands behind a sequence, where no counted position can see it.
 *
 * @param ids {@code [examples * time]}
 * @param time tokens of each
 * @param targets those that count
 */
record PaddedBatch(int[] ids, int time, Targets targets) {

    /** @param granule of which time is a multiple, and the number of targets too */
    static PaddedBatch of(List<TrainingExample> examples, int granule) {
        int longest = examples.stream().mapToInt(e -> e.tokens().length).max().orElseThrow();
        int time = Math.ceilDiv(longest, granule) * granule;
        int[] ids = new int[examples.size() * time];
        for (int i = 0; i < examples.size(); i++) {
            int[] tokens = examples.get(i).tokens();
            System.arraycopy(tokens, 0, ids, i * time, tokens.length);
        }
        // Nothing follows the last position of a sequence.
        return new PaddedBatch(ids, time, Targets.of(examples, time).padded(granule, time - 1));
    }
}
