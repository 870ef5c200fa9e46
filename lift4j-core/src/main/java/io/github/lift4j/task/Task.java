package io.github.lift4j.task;

import io.github.lift4j.document.Span;

/**
 * An auxiliary task (section 3.2 of the paper): a question about the input and its answer. Training counts the answer's
 * tokens only.
 *
 * @param question as a person would ask it who does not have the document before them
 * @param answer what the model shall say
 * @param span the piece of the document that it was made from
 * @param source what made it, such as {@code self-study}, {@code questions}, {@code cloze} or a person's own word
 */
public record Task(String question, String answer, Span span, String source) {}
