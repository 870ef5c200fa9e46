/**
 * What is trained? Low-rank adapters or all weights, held in float32 in one flat buffer, used through
 * {@link io.github.lift4j.engine.transformer.Adaptation}.
 */
@NullMarked
package io.github.lift4j.engine.adapter;

import org.jspecify.annotations.NullMarked;
