package io.github.lift4j.remote;

/**
 * What a model answered.
 *
 * @param promptTokens tokens it read, or 0 where the endpoint does not say
 * @param answerTokens tokens it wrote, or 0 where the endpoint does not say
 */
record Reply(String text, int promptTokens, int answerTokens) {}
