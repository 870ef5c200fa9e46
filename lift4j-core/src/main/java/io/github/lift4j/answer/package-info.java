/**
 * Section 4's ways of answering. A {@link io.github.lift4j.answer.Mode} is a choice of weights (the base's, or the base
 * with a memory) and of what fills the window (nothing, or the document's head and tail);
 * {@link io.github.lift4j.answer.Answerer} answers in one mode.
 */
@NullMarked
package io.github.lift4j.answer;

import org.jspecify.annotations.NullMarked;
