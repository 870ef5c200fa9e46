/**
 * What if the model is someone else's? A language model behind an OpenAI-compatible endpoint writes tasks
 * ({@link io.github.lift4j.remote.ChatAuthor}), and a closed model absorbs a document through its provider's
 * fine-tuning API ({@link io.github.lift4j.remote.FineTuning}, as the paper does with GPT-3.5-turbo in section 4) and
 * then answers from it ({@link io.github.lift4j.remote.ClosedModel}).
 *
 * <p>What is sent costs money, so nothing is paid for twice: answers are kept by content, training is resumed from
 * {@code remote.json}, and {@link io.github.lift4j.remote.CostEstimate} tells the price before.
 */
@NullMarked
package io.github.lift4j.remote;

import org.jspecify.annotations.NullMarked;
