package io.github.lift4j.engine.transformer;

import org.bytedeco.pytorch.Tensor;

/**
 * One named weight of the base model. The {@link Transformer} that loaded it owns the tensor; nobody writes to it.
 *
 * @param name Hugging Face's name, as in {@code model.layers.3.self_attn.q_proj.weight}
 * @param value the frozen weight
 */
public record Parameter(String name, Tensor value) {}
