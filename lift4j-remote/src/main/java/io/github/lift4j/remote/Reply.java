package io.github.lift4j.remote;

/**
 * What a model answered.
 *
 * @param version the model by the name that the endpoint gave it in its answer, often more exact than the one it was asked by;
 *     empty where it did not say
 * @param promptTokens tokens it read, or 0 where the endpoint does not say
 * @param answerTokens tokens it wrote, or 0 where the endpoint does not say
 */
record Reply(String text, String version, int promptTokens, int answerTokens) {}
