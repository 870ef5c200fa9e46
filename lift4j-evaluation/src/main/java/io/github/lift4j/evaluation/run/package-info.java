/**
 * What comes of a recipe on a document? A {@link io.github.lift4j.evaluation.run.RecipeTrial} absorbs one document by one
 * recipe and measures it; {@link io.github.lift4j.evaluation.run.RecipeTable} sums up many; {@link
 * io.github.lift4j.evaluation.run.Memories} keeps what was absorbed.
 */
@NullMarked
package io.github.lift4j.evaluation.run;

import org.jspecify.annotations.NullMarked;
