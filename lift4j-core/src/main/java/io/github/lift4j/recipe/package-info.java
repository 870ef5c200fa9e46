/**
 * Which settings? A {@link io.github.lift4j.recipe.Recipe} is plain data that every step of absorbing reads and a memory
 * keeps.
 */
@NullMarked
package io.github.lift4j.recipe;

import org.jspecify.annotations.NullMarked;
