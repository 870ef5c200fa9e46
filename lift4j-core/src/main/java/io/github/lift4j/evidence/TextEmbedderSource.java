package io.github.lift4j.evidence;

import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A model that embeds texts, found by {@link ServiceLoader}: {@code e5-small-v2} comes with the artifact
 * {@code lift4j-retrieval}.
 */
public interface TextEmbedderSource {

    /** The model's name. */
    String name();

    /** How many numbers a vector has. */
    int dimensions();

    /**
     * Loads the model; the caller closes it.
     *
     * @throws io.github.lift4j.engine.LiftException where it cannot be loaded on this machine
     */
    TextEmbedder open();

    /** The one on the class path, the first where there are several. */
    static Optional<TextEmbedderSource> found() {
        return ServiceLoader.load(TextEmbedderSource.class).findFirst();
    }
}
