package io.github.lift4j.retrieval;

import io.github.lift4j.document.Passage;
import io.github.lift4j.evidence.EvidenceFinder;
import io.github.lift4j.evidence.EvidenceSource;
import java.util.List;

/**
 * {@code embedding}: passages whose meaning is near the question's, whether or not they share words: the cosine of the
 * angle between vectors that a small English model computes of them (E5-small-v2 with 8-bit weights, in this process,
 * through ONNX Runtime). A passage counts by its nearest sentence. Texts of other languages are accepted, but the model
 * hardly understands them.
 *
 * <p>Every sentence goes through the model when the document is opened, on all processors, some hundred a second on
 * each; what remains takes 1.5 KiB a sentence. Finds as many passages as were asked for, if the document has them and
 * the question is not blank.
 */
public final class EmbeddingSource implements EvidenceSource {

    /** Made by {@link java.util.ServiceLoader}. */
    public EmbeddingSource() {}

    @Override
    public String name() {
        return "embedding";
    }

    /**
     * Loads the model and embeds the passages.
     *
     * @throws io.github.lift4j.engine.LiftException where the model cannot run on this machine, or the thread is
     *     interrupted meanwhile
     */
    @Override
    public EvidenceFinder open(List<Passage> passages) {
        return EmbeddingFinder.of(passages);
    }
}
