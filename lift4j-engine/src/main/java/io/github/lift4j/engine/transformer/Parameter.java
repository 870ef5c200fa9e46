package io.github.lift4j.engine.transformer;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One named weight of the base model. The {@link Transformer} that loaded it owns the tensors; nobody writes to them.
 *
 * @param name Hugging Face's name, as in {@code model.layers.3.self_attn.q_proj.weight}
 * @param stored the frozen weight as it lies in memory
 * @param scale a scalar, float32, where the weight is stored in eight bits: it is {@code stored * scale}
 */
public record Parameter(String name, Tensor stored, Optional<Tensor> scale) {

    /** The weight in the model's compute type; made anew at each call where it is stored in eight bits. */
    public Tensor value() {
        return scale.map(s -> stored.to(ScalarType.BFloat16).mul_(s.to(ScalarType.BFloat16)))
                .orElse(stored);
    }

    /** Its extent in a dimension. */
    long size(int dimension) {
        return stored.size(dimension);
    }
}
