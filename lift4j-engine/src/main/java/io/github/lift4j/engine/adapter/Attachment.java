package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.transformer.Adaptation;

/** What was trained, ready to be used with its base. Owns native memory: close it. */
public interface Attachment extends Adaptation, AutoCloseable {

    @Override
    void close();
}
