package io.github.lift4j.retrieval;

import io.github.lift4j.evidence.TextEmbedder;
import io.github.lift4j.evidence.TextEmbedderSource;

/**
 * The small English model that {@link EmbeddingSource} searches with: E5-small-v2 with 8-bit weights, in this process,
 * through ONNX Runtime (Wang et al. 2022, "Text Embeddings by Weakly-Supervised Contrastive Pre-training"). It was trained
 * with {@code "query: "} before what is searched for and {@code "passage: "} before what is found; whoever embeds a text
 * writes the one or the other. A text may have 510 tokens with it.
 */
public final class SentenceEmbedderSource implements TextEmbedderSource {

    /** Made by {@link java.util.ServiceLoader}. */
    public SentenceEmbedderSource() {}

    @Override
    public String name() {
        return SentenceModel.NAME;
    }

    @Override
    public int dimensions() {
        return SentenceModel.WIDTH;
    }

    @Override
    public TextEmbedder open() {
        return new Embedder(SentenceModel.open());
    }

    private record Embedder(SentenceModel model) implements TextEmbedder {

        @Override
        public Embedding embed(String text) {
            return model.ofText(text);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
