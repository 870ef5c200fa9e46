package io.github.lift4j.server.answer;

import io.github.lift4j.engine.generation.Sampling;
import java.util.function.Predicate;

/**
 * A loaded {@link Voice}. Belongs to one thread at a time and owns native memory: close it.
 *
 * @param <P> what is put to it
 */
interface Writer<P> extends AutoCloseable {

    /**
     * Writes an answer.
     *
     * @param most tokens to write
     * @param pieces hears the text token by token and says whether to go on
     * @throws io.github.lift4j.engine.LiftException where the prompt does not fit in the window
     */
    Written write(P prompt, Sampling sampling, int most, Predicate<String> pieces);

    @Override
    void close();
}
