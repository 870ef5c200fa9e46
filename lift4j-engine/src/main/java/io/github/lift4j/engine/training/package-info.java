/**
 * How is it trained? A {@link io.github.lift4j.engine.training.TrainingExample} is all that training knows of a segment
 * or a task; {@link io.github.lift4j.engine.training.Trainer} holds the one visible step: loss, backward, clip, update.
 * On a GPU {@code RecordedPasses} launches a small batch's pass as a whole.
 */
@NullMarked
package io.github.lift4j.engine.training;

import org.jspecify.annotations.NullMarked;
