/**
 * Section 3.3: supervised fine-tuning before a document is absorbed. {@link io.github.lift4j.sft.PreTraining} trains a
 * model on many other documents and their tasks; the folder it leaves is a base of its own
 * ({@link io.github.lift4j.sft.TunedBase}), on which documents are absorbed as on any other.
 */
@NullMarked
package io.github.lift4j.sft;

import org.jspecify.annotations.NullMarked;
