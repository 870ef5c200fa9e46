package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.transformer.Transformer;

/** What is trained on top of a frozen base, and later attached to it. Owns native memory: close it. */
public sealed interface Adapter extends Attachment permits LoraAdapter, FullWeights {

    /** What the optimiser moves. */
    FlatParameters parameters();

    /**
     * Moves what was trained back towards the base.
     *
     * @param share of the way from the base that is left, 0 to 1
     */
    void keep(double share, Transformer model);

    /** A copy for answering only, in the model's compute type; the caller closes both. */
    Attachment frozen(Transformer model);

    @Override
    default void close() {
        parameters().close();
    }
}
