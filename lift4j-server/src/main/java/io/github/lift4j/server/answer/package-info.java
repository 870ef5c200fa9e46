/**
 * Who answers when: callers' questions wait in one line ({@link io.github.lift4j.server.answer.Line}), those that can be are
 * answered side by side ({@link io.github.lift4j.server.answer.Round}): whoever goes by weights alone in one batch ({@link
 * io.github.lift4j.server.answer.ManyVoices}), those to one memory with its document in another ({@link
 * io.github.lift4j.server.answer.OneVoice}). Memories are loaded when they are asked and let go when others are ({@link
 * io.github.lift4j.server.answer.Shelf}, {@link io.github.lift4j.server.answer.Writers}), and when they were deleted and nobody
 * needs them ({@link io.github.lift4j.server.answer.Borrowed}). Texts are embedded by turns ({@link
 * io.github.lift4j.server.answer.Embeddings}), and training gives way to all of it ({@link
 * io.github.lift4j.server.answer.Precedence}).
 */
@NullMarked
package io.github.lift4j.server.answer;

import org.jspecify.annotations.NullMarked;
