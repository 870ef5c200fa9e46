/**
 * How do files become tensors? Reads a model's or an adapter's weights from safetensors and GGUF files, and writes both.
 *
 * <ul>
 *   <li>{@link io.github.lift4j.engine.weights.Checkpoint}: a whole model (configuration and weights) whatever its
 *       format, under Hugging Face's names. This is what the rest of the engine opens.
 *   <li>{@link io.github.lift4j.engine.weights.Safetensors} and
 *       {@link io.github.lift4j.engine.weights.SafetensorsWriter}: the files of Hugging Face and PEFT.
 *   <li>{@link io.github.lift4j.engine.weights.Gguf} and {@link io.github.lift4j.engine.weights.GgufWriter}: the files of
 *       llama.cpp, dequantised as they are read.
 * </ul>
 *
 * <p>No length, offset or count that stands in a file is believed before it was held against the file's own size: a
 * truncated or damaged file gives a {@link io.github.lift4j.engine.LiftException} that names it, never a crash and
 * never an allocation larger than the file can justify.
 */
@NullMarked
package io.github.lift4j.engine.weights;

import org.jspecify.annotations.NullMarked;
