/**
 * Who answers when: callers' questions wait in one line ({@link io.github.lift4j.server.answer.Desk}), memories are loaded
 * when they are asked and let go when others are ({@link io.github.lift4j.server.answer.Writers}), and training gives way to
 * both ({@link io.github.lift4j.server.answer.Precedence}).
 */
@NullMarked
package io.github.lift4j.server.answer;

import org.jspecify.annotations.NullMarked;
