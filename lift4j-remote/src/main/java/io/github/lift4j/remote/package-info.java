/**
 * What if the model is someone else's? A language model behind an OpenAI-compatible endpoint writes tasks
 * ({@link io.github.lift4j.remote.ChatAuthor}).
 *
 * <p>What is sent costs money, so nothing is paid for twice: answers are kept by content, and
 * {@link io.github.lift4j.remote.CostEstimate} tells the price before.
 */
@NullMarked
package io.github.lift4j.remote;

import org.jspecify.annotations.NullMarked;
