package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.Tensor;

/**
 * What all layers of one forward pass share, computed once.
 *
 * @param angles rotary angles of the pass's positions
 * @param mask added to the scores of the newest {@code n} keys, {@code [group * time, n]}, with 0 where a query may look
 *     and -inf elsewhere; each key-value head serves a group of query heads, stacked along the rows
 */
record Pass(RotaryEmbedding.Angles angles, Tensor mask) {}
