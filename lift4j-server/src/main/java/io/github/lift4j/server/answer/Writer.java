package io.github.lift4j.server.answer;

import io.github.lift4j.answer.Prepared;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.ContinuousBatch;
import java.util.Optional;

/**
 * A loaded {@link Voice}. Belongs to one thread at a time and owns native memory: close it.
 *
 * @param <P> what is put to it
 */
interface Writer<P> extends AutoCloseable {

    /**
     * Makes an answer ready to be written in the batch.
     *
     * @param most tokens to write
     * @return empty where it has to wait until those under way have ended
     * @throws io.github.lift4j.engine.LiftException where the prompt does not fit in the window
     */
    Optional<Prepared> prepare(P prompt, int most);

    /** Where answers are written side by side. */
    ContinuousBatch batch();

    /** What answers go on from that are written beside those of other voices. */
    Context context();

    @Override
    void close();
}
