/**
 * One loaded model for many callers over HTTP. {@link io.github.lift4j.server.LiftServer} puts it together; the packages
 * beside it answer one question each: what is kept ({@code store}), what is done ({@code work}), who is answered when
 * ({@code answer}), how is it asked ({@code http}), and what does OpenAI's API say ({@code api}).
 */
@NullMarked
package io.github.lift4j.server;

import org.jspecify.annotations.NullMarked;
