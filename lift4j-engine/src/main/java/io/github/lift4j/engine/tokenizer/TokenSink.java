package io.github.lift4j.engine.tokenizer;

import java.io.IOException;

/** Takes the ids of a document as they come. */
@FunctionalInterface
public interface TokenSink {

    /**
     * Takes the next ids.
     *
     * @param ids in order, never empty; the array is the sink's to keep
     * @throws IOException if they cannot be kept; the stream ends with it
     */
    void accept(int[] ids) throws IOException;
}
