package io.github.lift4j.retrieval;

import java.util.List;

/**
 * Says what each token of a text means where it stands, by the sentence model E5-small-v2 that evidence is found with: what
 * BERTScore compares texts by. Several threads may use it at once. Owns native memory: close it.
 */
public final class TokenEmbedder implements AutoCloseable {

    private final SentenceModel model;

    private TokenEmbedder(SentenceModel model) {
        this.model = model;
    }

    /**
     * Loads the model.
     *
     * @throws io.github.lift4j.engine.LiftException where it cannot be loaded on this machine
     */
    public static TokenEmbedder open() {
        return new TokenEmbedder(SentenceModel.open());
    }

    /** The model's name, to stand beside a score. */
    public String name() {
        return SentenceModel.NAME;
    }

    /**
     * Embeds a text.
     *
     * @return a vector of 384 numbers for each of its tokens, in their order; a longer text than the model reads at once is
     *     read in parts
     */
    public List<float[]> embed(String text) {
        return model.ofTokens(text);
    }

    @Override
    public void close() {
        model.close();
    }
}
