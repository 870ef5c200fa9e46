package io.github.lift4j.engine.runtime;

/** Work that was recorded once and is done again as a whole, on the same memory. Owns that memory: close it. */
public interface Recording extends AutoCloseable {

    /** Does the work, after all that was sent to the device before. */
    void launch();

    @Override
    void close();
}
