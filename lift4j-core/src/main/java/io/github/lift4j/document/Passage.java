package io.github.lift4j.document;

/**
 * A piece of a document's text and where it stands: a sentence, a paragraph, a scene.
 *
 * @param text exactly what stands at the span
 * @param span where
 */
public record Passage(String text, Span span) {}
