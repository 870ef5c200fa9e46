/**
 * The library's front door: {@link io.github.lift4j.Lift} loads a model, absorbs documents and answers questions in a few
 * lines. What it composes lies in the packages beside it, each of which answers one question of its own.
 */
@NullMarked
package io.github.lift4j;

import org.jspecify.annotations.NullMarked;
