package io.github.lift4j.answer;

/**
 * An answer and what it took.
 *
 * @param promptTokens tokens in the window before the answer
 * @param answerTokens tokens written
 * @param secondsToFirstToken from the question to the first token, reading the document included where that was due
 */
public record Answer(String answer, Mode mode, int promptTokens, int answerTokens, double secondsToFirstToken) {}
