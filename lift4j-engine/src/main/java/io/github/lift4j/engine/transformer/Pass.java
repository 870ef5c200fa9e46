package io.github.lift4j.engine.transformer;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What all layers of one forward pass share, computed once.
 *
 * @param angles rotary angles of the pass's positions
 * @param kernel how attention is computed
 * @param mask added to the scores of the newest {@code n} keys, {@code [group * time, n]}, with 0 where a query may look
 *     and -inf elsewhere; each key-value head serves a group of query heads, stacked along the rows. Empty where the kernel
 *     is fused or planned, there is one query or no earlier key, and each query may look at itself and all before it.
 * @param branches what rows that go on from a shared prefix need beside that
 * @param place where a pass that can be recorded finds its column and padding; such a pass attends to all columns of the
 *     cache, and its mask says which of them hold something, unless {@code newest} attends
 * @param newest attends for one token of each row, where that is the kernel
 */
record Pass(
        RotaryEmbedding.Angles angles,
        Kernel kernel,
        Optional<Tensor> mask,
        Optional<Branches> branches,
        Optional<KeyValueCache.Place> place,
        Optional<NewestAttention> newest) {

    Pass(
            RotaryEmbedding.Angles angles,
            Kernel kernel,
            Optional<Tensor> mask,
            Optional<Branches> branches,
            Optional<KeyValueCache.Place> place) {
        this(angles, kernel, mask, branches, place, Optional.empty());
    }

    /** The column that a pass which can be recorded keeps its keys in, {@code [1]}. */
    Optional<Tensor> column() {
        return place.map(KeyValueCache.Place::column);
    }

    /** Ways to compute the same attention. */
    enum Kernel {
        /** Scores as a tensor. */
        EXPLICIT,
        /** Scores never as a whole. */
        FUSED,
        /** The same by a kernel that is planned for the shape. */
        PLANNED,
        /** The same prefix before all rows. */
        BRANCHED,
        /** One token of each row by a kernel of our own, which turns and keeps it, too. */
        NEWEST
    }

    /**
     * Masks of rows that go on from a shared prefix, each added to scores.
     *
     * @param padding over a row's own keys, {@code [rows, 1, 1, keys]}: no query may look at padding
     * @param prefix over the prefix's keys, {@code [1, rows, group * time, prefix]}, where attention does not reach all of it
     */
    record Branches(Tensor padding, Optional<Tensor> prefix) {}
}
