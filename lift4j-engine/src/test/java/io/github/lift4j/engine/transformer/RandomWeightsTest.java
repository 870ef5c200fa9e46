package io.github.lift4j.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class RandomWeightsTest {

    @Test
    void aModelOfAShapeRuns() {
        ModelConfig config = ModelConfig.ofShape("smollm2-135m");
        assertThat(config.parameters()).isEqualTo(134_515_008);
        try (RandomWeights weights = new RandomWeights(config, new SplittableRandom(1));
                Transformer model =
                        Transformer.load(config, weights, ComputeDevice.parse("cpu"), ComputeType.BFLOAT16);
                PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor hidden = model.hidden(model.ids(new int[] {1, 2, 3}, 3), Adaptation.NONE);
            assertThat(hidden.sizes().vec().get()).containsExactly(1, 3, 576);
            assertThat(hidden.isfinite().all().item_bool()).isTrue();
            long loaded = model.parameters().stream()
                    .mapToLong(parameter -> parameter.value().numel())
                    .sum();
            assertThat(loaded).isEqualTo(config.parameters());
        }
    }

    @Test
    void theShapeOfLlamaIsKnown() {
        assertThat(ModelConfig.ofShape("llama-3-8b").parameters()).isEqualTo(8_030_261_248L);
        assertThatThrownBy(() -> ModelConfig.ofShape("gpt-5"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("llama-3-8b, llama-3.1-8b, smollm2-135m");
    }
}
