/**
 * What is trained? Low-rank adapters or all weights, held in float32 in one flat buffer, used through
 * {@link io.github.lift4j.engine.transformer.Adaptation}. Several of the former are used in one batch out of an
 * {@link io.github.lift4j.engine.adapter.AdapterPool}.
 */
@NullMarked
package io.github.lift4j.engine.adapter;

import org.jspecify.annotations.NullMarked;
