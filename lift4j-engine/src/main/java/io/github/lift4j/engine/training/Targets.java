package io.github.lift4j.engine.training;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The targets of a padded batch that count, as distributions over a few tokens each; a plain target is the distribution
 * that has one.
 *
 * @param width tokens a target
 * @param rows flat index of the predicting position, {@code [targets]}
 * @param ids {@code [targets * width]}
 * @param probabilities {@code [targets * width]}
 * @param weights {@code [targets]}
 * @param entropy weighted sum of the distributions' entropies: by this much cross entropy exceeds the divergence
 */
record Targets(int width, int[] rows, int[] ids, float[] probabilities, float[] weights, double entropy) {

    /**
     * Gathers them.
     *
     * @param time length to which the examples are padded
     */
    static Targets of(List<TrainingExample> examples, int time) {
        int count = examples.stream().mapToInt(TrainingExample::targets).sum();
        int width = examples.stream()
                .flatMap(e -> e.teacher().stream())
                .mapToInt(SoftTargets::width)
                .max()
                .orElse(1);
        int[] rows = new int[count];
        int[] ids = new int[count * width];
        float[] probabilities = new float[count * width];
        float[] weights = new float[count];
        double entropy = 0;
        int next = 0;
        for (int b = 0; b < examples.size(); b++) {
            TrainingExample example = examples.get(b);
            Optional<SoftTargets> teacher = example.teacher();
            int position = 0;
            for (int t = 1; t < example.tokens().length; t++) {
                if (example.weights()[t] == 0) {
                    continue;
                }
                rows[next] = b * time + t - 1;
                weights[next] = example.weights()[t];
                if (teacher.isPresent()) {
                    SoftTargets soft = teacher.get();
                    System.arraycopy(soft.ids(), position * soft.width(), ids, next * width, soft.width());
                    System.arraycopy(
                            soft.probabilities(), position * soft.width(), probabilities, next * width, soft.width());
                    entropy += weights[next] * soft.entropy(position);
                } else {
                    ids[next * width] = example.tokens()[t];
                    probabilities[next * width] = 1;
                }
                position++;
                next++;
            }
        }
        return new Targets(width, rows, ids, probabilities, weights, entropy);
    }

    int count() {
        return rows.length;
    }

    /**
     * The same and more that weigh nothing, so that their number is a multiple of {@code granule}.
     *
     * @param spare a position that predicts no target: what is not one may not write where one does
     */
    Targets padded(int granule, int spare) {
        int all = Math.ceilDiv(count(), granule) * granule;
        int[] more = Arrays.copyOf(rows, all);
        Arrays.fill(more, count(), all, spare);
        return new Targets(
                width,
                more,
                Arrays.copyOf(ids, all * width),
                Arrays.copyOf(probabilities, all * width),
                Arrays.copyOf(weights, all),
                entropy);
    }

    /** Targets {@code [from, to)}, without their share of the entropy. */
    Targets range(int from, int to) {
        return new Targets(
                width,
                Arrays.copyOfRange(rows, from, to),
                Arrays.copyOfRange(ids, from * width, to * width),
                Arrays.copyOfRange(probabilities, from * width, to * width),
                Arrays.copyOfRange(weights, from, to),
                0);
    }
}
