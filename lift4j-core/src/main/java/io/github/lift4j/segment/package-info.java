/**
 * How is a long input cut? Section 3.1 of the LIFT paper: overlapping segments of equal length that a model with a
 * short window can be trained on, at a cost that grows linearly with the input.
 *
 * <p>{@link io.github.lift4j.segment.Segmentation} holds the two numbers of the cut,
 * {@link io.github.lift4j.segment.Segments} is the cut of one input, and
 * {@link io.github.lift4j.segment.ShuffledOrder} says in which order an epoch visits it. Nothing here knows of texts,
 * tensors or models: segments are ranges of token indices.
 */
@NullMarked
package io.github.lift4j.segment;

import org.jspecify.annotations.NullMarked;
