/**
 * Who answers when: callers' questions wait in one line ({@link io.github.lift4j.server.answer.Line}), those to one memory are
 * answered side by side ({@link io.github.lift4j.server.answer.Round}), memories are loaded when they are asked and let go
 * when others are ({@link io.github.lift4j.server.answer.Writers}), and when they were deleted and nobody needs them
 * ({@link io.github.lift4j.server.answer.Borrowed}). Texts are embedded by turns
 * ({@link io.github.lift4j.server.answer.Embeddings}), and training gives way to all of it
 * ({@link io.github.lift4j.server.answer.Precedence}).
 */
@NullMarked
package io.github.lift4j.server.answer;

import org.jspecify.annotations.NullMarked;
