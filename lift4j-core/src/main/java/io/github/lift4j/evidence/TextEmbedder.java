package io.github.lift4j.evidence;

/**
 * Turns texts into vectors, the nearer to each other the nearer what they mean. Several threads may use one at once. Owns
 * native memory: close it, when nothing is under way.
 */
public interface TextEmbedder extends AutoCloseable {

    /**
     * What came of a text.
     *
     * @param vector of length 1
     * @param tokens of the text
     */
    record Embedding(float[] vector, int tokens) {}

    /**
     * Embeds a text as it is.
     *
     * @throws io.github.lift4j.engine.LiftException where the text is empty, or longer than the model reads at once
     */
    Embedding embed(String text);

    @Override
    void close();
}
