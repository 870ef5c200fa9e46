package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.Adaptation;

/** What is trained on top of a frozen base, and later attached to it. Owns native memory: close it. */
public sealed interface Adapter extends Adaptation, AutoCloseable permits LoraAdapter, FullWeights {

    /** What the optimiser moves. */
    FlatParameters parameters();

    /** A copy for answering only, in the compute type; the caller closes both. */
    Adapter frozen(ComputeType type);

    @Override
    default void close() {
        parameters().close();
    }
}
