package io.github.lift4j.evaluation.suite;

/**
 * How much a unit asks for, as far as can be told without doing it.
 *
 * @param tokens of the document, about
 * @param questions in one mode
 * @param answerTokens longest answer
 */
public record Load(long tokens, int questions, int answerTokens) {}
