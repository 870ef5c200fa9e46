package io.github.lift4j.prompt;

/**
 * Someone else's words around the document instead of a {@link Wording}, such as a benchmark's published prompt. Taken
 * letter for letter, spaces at the ends included; what stands behind the document is the question.
 *
 * @param system the system message, or an empty text
 * @param before what the user's turn says before the document
 */
public record Frame(String system, String before) {}
