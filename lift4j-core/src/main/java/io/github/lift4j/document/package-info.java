/**
 * What is read? A {@link io.github.lift4j.document.Document} is text that can be streamed as often as wanted without
 * ever lying in memory as a whole, together with a title a person would give it.
 *
 * <p>This package reads plain text and Markdown as they stand. Every other format comes through a
 * {@link io.github.lift4j.document.DocumentReader} found on the class path (the artifact {@code lift4j-documents}
 * brings one). The ids of a tokenised document live in a {@link io.github.lift4j.document.TokenFile}, for the same
 * reason: ten million of them do not belong in the heap.
 */
@NullMarked
package io.github.lift4j.document;

import org.jspecify.annotations.NullMarked;
