package io.github.lift4j.evaluation.result;

/**
 * What a unit took. The only part of a result that differs between two runs.
 *
 * @param tokens of the document
 * @param taskSeconds making auxiliary tasks
 * @param trainingSeconds training
 * @param seconds all in all
 */
public record Effort(long tokens, double taskSeconds, double trainingSeconds, double seconds) {}
