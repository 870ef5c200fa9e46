/**
 * How is evidence found in a document (appendix B of the paper)? With this artifact on the class path
 * {@link java.util.ServiceLoader} finds two {@link io.github.lift4j.evidence.EvidenceSource}s:
 * {@link io.github.lift4j.retrieval.Bm25Source} compares words, {@link io.github.lift4j.retrieval.EmbeddingSource}
 * meanings. It finds a {@link io.github.lift4j.evidence.TextEmbedderSource}, too:
 * {@link io.github.lift4j.retrieval.SentenceEmbedderSource}.
 *
 * <p>Both keep everything in memory and open no connection. The same passages and the same question give the same
 * result on the same machine; passages that match equally well come in the order in which they were given.
 */
@NullMarked
package io.github.lift4j.retrieval;

import org.jspecify.annotations.NullMarked;
