package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.TrainingPass.Again;
import org.junit.jupiter.api.Test;

class StepMemoryTest {

    private static final long GB = 1_000_000_000;
    private static final ModelConfig SMOLLM2 = config(576, 1536, 30, 9, 3, 49_152, true);
    private static final ModelConfig LLAMA3_8B = config(4096, 14_336, 32, 32, 8, 128_256, false);
    private static final long LORA_128 = 335_544_320;

    @Test
    void aSmallModelFillsALargeGpu() {
        assertThat(within(80 * GB, SMOLLM2, SMOLLM2.parameters())).isEqualTo(new StepMemory(32_768, Again.CHEAP));
    }

    @Test
    void aLargeModelTakesFewerTokensAtOnce() {
        StepMemory h100 = within(80 * GB, LLAMA3_8B, LORA_128);
        assertThat(h100.again()).isEqualTo(Again.CHEAP);
        assertThat(h100.tokens()).isBetween(8192, 16_384);
    }

    @Test
    void aSmallGpuComputesBlocksTwice() {
        StepMemory small = within(32 * GB, LLAMA3_8B, LORA_128);
        assertThat(small.again()).isEqualTo(Again.BLOCKS);
        assertThat(small.tokens()).isBetween(2048, 16_384);
    }

    @Test
    void aGpuThatIsTooSmallIsToldBefore() {
        assertThatThrownBy(() -> within(16 * GB, LLAMA3_8B, LORA_128))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("on the GPU, which has 16")
                .hasMessageContaining("--device cpu");
    }

    @Test
    void eightBitsTakeHalfTheRoom() {
        assertThatThrownBy(() -> within(22 * GB, LLAMA3_8B, LORA_128)).isInstanceOf(LiftException.class);
        StepMemory narrow = StepMemory.within(22 * GB, LLAMA3_8B, ComputeType.FLOAT8, LORA_128, 2048);
        assertThat(narrow.again()).isEqualTo(Again.BLOCKS);
    }

    private static StepMemory within(long bytes, ModelConfig config, long trained) {
        return StepMemory.within(bytes, config, ComputeType.BFLOAT16, trained, 2048);
    }

    private static ModelConfig config(
            int hidden, int intermediate, int layers, int heads, int keyValueHeads, int vocabulary, boolean tied) {
        String json = """
                {"model_type": "llama", "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
                 "num_attention_heads": %d, "num_key_value_heads": %d, "vocab_size": %d, "tie_word_embeddings": %b,
                 "max_position_embeddings": 8192}""".formatted(hidden, intermediate, layers, heads, keyValueHeads, vocabulary, tied);
        try {
            return ModelConfig.fromHuggingFace(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
