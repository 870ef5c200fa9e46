/**
 * What does the model compute? The Llama family's decoder, one file a concept; in reading order:
 * {@link io.github.lift4j.engine.transformer.ModelConfig}, {@code RotaryEmbedding}, {@code RmsNorm}, {@code Attention},
 * {@code FeedForward}, {@code Block}, {@link io.github.lift4j.engine.transformer.Transformer}, {@code Passes} (what
 * all blocks of a pass share), and {@link io.github.lift4j.engine.transformer.KeyValueCache}; for training {@link
 * io.github.lift4j.engine.transformer.TrainingPass}, {@code BlockPass}, {@code NormPass}, {@code HeadPass} and {@code Part},
 * the same blocks forward and back.
 *
 * <p>Devices differ in {@code Elementwise}, {@code Float8} and the choice of an attention kernel ({@code Passes}) alone: the
 * first two are libtorch's operations anywhere, and kernels of our own on a GPU, where {@code NewestAttention} is one, too.
 *
 * <p>A family (Llama 2 to 3.2, SmolLM2, Mistral, Qwen2, Qwen3) is data, not a class: what differs stands in the config
 * that the model ships. What is trained is not known here either: every weight is used through an
 * {@link io.github.lift4j.engine.transformer.Adaptation}, which is passed to each forward pass, so that one loaded base
 * serves many memories at once.
 */
@NullMarked
package io.github.lift4j.engine.transformer;

import org.jspecify.annotations.NullMarked;
