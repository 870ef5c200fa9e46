package io.github.lift4j.evidence;

import io.github.lift4j.document.Passage;
import java.util.List;

/**
 * Finds the passages of one document that bear on a question (appendix B of the paper). Belongs to its caller, who closes
 * it.
 */
public interface EvidenceFinder extends AutoCloseable {

    /**
     * The passages that bear most on the question, the best first.
     *
     * @param most how many at most, at least 1
     */
    List<Passage> find(String question, int most);

    @Override
    void close();
}
