package io.github.lift4j.task;

import io.github.lift4j.engine.training.SoftTargets;
import java.util.Optional;

/**
 * A task as training takes it.
 *
 * @param task what a person reads
 * @param answer the answer's token ids and the one that ends a turn, {@code [n]}, at least one
 * @param teacher the model's own distributions over each of them with the passage in view; empty where the tokens
 *     themselves are to be learned
 */
public record PreparedTask(Task task, int[] answer, Optional<SoftTargets> teacher) {}
