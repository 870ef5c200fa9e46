/**
 * A model as a whole: {@link io.github.lift4j.engine.model.LanguageModel} ties the transformer to its tokenizer, its
 * name and the hash of its weights.
 */
@NullMarked
package io.github.lift4j.engine.model;

import org.jspecify.annotations.NullMarked;
