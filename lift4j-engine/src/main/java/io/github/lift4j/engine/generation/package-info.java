/**
 * How does it write? {@link io.github.lift4j.engine.generation.Context} is a window being filled: it reads tokens,
 * rewinds to a prefix, scores a continuation or writes one by {@link io.github.lift4j.engine.generation.Sampling}. In a
 * {@link io.github.lift4j.engine.generation.ContinuousBatch} many are written side by side that come and go, also by different
 * adapters. A token's pass is {@code NextTokens}, recorded on a GPU.
 */
@NullMarked
package io.github.lift4j.engine.generation;

import org.jspecify.annotations.NullMarked;
