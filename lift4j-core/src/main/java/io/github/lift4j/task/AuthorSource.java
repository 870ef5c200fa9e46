package io.github.lift4j.task;

import io.github.lift4j.recipe.TaskSettings;
import java.util.random.RandomGenerator;

/**
 * Where authors come from that are not at hand, found by {@link java.util.ServiceLoader}: the artifact
 * {@code lift4j-remote} brings models behind an endpoint.
 */
public interface AuthorSource {

    /** What an author's texts shall look like, where it can be held to it. */
    enum Form {
        /** Any text. */
        TEXT,
        /** A JSON object with an array {@code pairs} of objects, each with a {@code question} and an {@code answer}. */
        PAIRS
    }

    /**
     * Makes ready to ask; nothing is sent yet. The caller closes the author.
     *
     * @param random spreads the pauses between tries
     * @throws io.github.lift4j.engine.LiftException where the settings name no endpoint
     */
    Author open(TaskSettings.Endpoint settings, Form form, RandomGenerator random);
}
