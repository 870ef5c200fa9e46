package io.github.lift4j.retrieval;

import io.github.lift4j.document.Passage;
import io.github.lift4j.evidence.EvidenceFinder;
import io.github.lift4j.evidence.EvidenceSource;
import java.util.List;

/**
 * {@code bm25}: passages that share words with the question, rare words counting most (Okapi BM25, through Apache
 * Lucene). Words are what Unicode says they are; upper case equals lower case, and English endings are taken off, which
 * leaves other alphabets as they are. Prepares a megabyte of text in about a second.
 *
 * <p>A passage without a word of the question is never found, so there may be fewer than were asked for.
 */
public final class Bm25Source implements EvidenceSource {

    /** Made by {@link java.util.ServiceLoader}. */
    public Bm25Source() {}

    @Override
    public String name() {
        return "bm25";
    }

    /**
     * Indexes the passages in memory.
     *
     * @throws io.github.lift4j.engine.LiftException where the thread is interrupted meanwhile
     */
    @Override
    public EvidenceFinder open(List<Passage> passages) {
        return Bm25Finder.of(passages);
    }
}
