package io.github.lift4j.evaluation.judge;

/**
 * What a judge is shown.
 *
 * @param question as it was asked; not looked at for a summary
 * @param reference the right answer
 * @param prediction the model's answer
 */
public record JudgedAnswer(String question, String reference, String prediction) {}
