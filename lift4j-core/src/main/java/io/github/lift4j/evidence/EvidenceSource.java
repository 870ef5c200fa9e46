package io.github.lift4j.evidence;

import io.github.lift4j.document.Passage;
import java.util.List;

/**
 * A way of finding evidence, found by {@link java.util.ServiceLoader}: {@code bm25} and {@code embedding} come with the
 * artifact {@code lift4j-retrieval}.
 */
public interface EvidenceSource {

    /** What a person calls it, as in {@code --evidence bm25}. */
    String name();

    /** Makes ready to search these passages of one document; the caller closes it. */
    EvidenceFinder open(List<Passage> passages);
}
