package io.github.lift4j.server.answer;

import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.transformer.Adaptation;
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

    /** Whether it answers in one batch with others, which it cannot with a document in its window or all weights trained. */
    boolean inCompany();

    /** The folder of the memory by whose weights it answers in company; empty for the base's. */
    Optional<Path> learned();

    /**
     * Loads it for company.
     *
     * @param weights what was {@link #learned}, which stays open as long as the writer
     * @throws io.github.lift4j.engine.LiftException where there is no such voice
     */
    Writer<P> open(LanguageModel model, Adaptation weights);
}
