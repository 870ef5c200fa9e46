/**
 * A model as a whole: {@link io.github.lift4j.engine.model.StoredModel} as it lies on disk, {@link
 * io.github.lift4j.engine.model.LanguageModel} loaded, with its tokenizer, its name and the hash of its weights.
 */
@NullMarked
package io.github.lift4j.engine.model;

import org.jspecify.annotations.NullMarked;
