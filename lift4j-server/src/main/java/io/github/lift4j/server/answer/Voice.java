package io.github.lift4j.server.answer;

import io.github.lift4j.engine.model.LanguageModel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who answers: all that has to be loaded and read before a question can be. Equal voices are the same one.
 *
 * @param <P> what is put to it
 */
public sealed interface Voice<P> permits DocumentVoice, PlainVoice {

    /**
     * Loads it.
     *
     * @throws io.github.lift4j.engine.LiftException where there is no such voice
     */
    Writer<P> open(LanguageModel model);

    /** The folder of the memory that it speaks of; empty for the base alone. */
    Optional<Path> folder();
}
