package io.github.lift4j.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.Reference;
import io.github.lift4j.engine.TinyModel;
import java.io.IOException;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each family's logits against Hugging Face transformers on a tiny random checkpoint. */
class FamilyReferenceTest {

    @ParameterizedTest
    @CsvSource({
        "llama2, llama2/expected.json",
        "llama3, llama3/expected.json",
        "llama-linear, llama-linear/expected.json",
        "smollm2, smollm2/expected.json",
        "mistral, mistral/expected.json",
        "mistral-window, mistral-window/expected.json",
        "qwen2, qwen2/expected.json",
        "qwen2-yarn, qwen2-yarn/expected.json",
        "qwen3, qwen3/expected.json",
        "gguf/llama-untied.gguf, gguf/llama-untied.expected.json",
        "gguf/llama-tied-scaled.gguf, gguf/llama-tied-scaled.expected.json",
        "gguf/qwen2.gguf, gguf/qwen2.expected.json",
        "gguf/qwen3.gguf, gguf/qwen3.expected.json",
    })
    void logitsAgreeWithTransformers(String model, String expected) throws IOException {
        JsonNode json =
                new ObjectMapper().readTree(TinyModel.FOLDER.resolve(expected).toFile());
        int[] ids = Reference.ids(json.get("ids"));
        try (Transformer transformer = TinyModel.load(model);
                PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor hidden = transformer.hidden(transformer.ids(ids, ids.length), Adaptation.NONE);
            float[] logits = new float[ids.length * transformer.config().vocabulary()];
            Tensor all = transformer.logits(hidden, Adaptation.NONE).contiguous();
            new FloatPointer(all.data_ptr()).get(logits);
            double furthest = 0;
            for (int i = 0; i < logits.length; i++) {
                int width = transformer.config().vocabulary();
                double reference =
                        json.get("logits").get(i / width).get(i % width).asDouble();
                furthest = Math.max(furthest, Math.abs(logits[i] - reference));
            }
            assertThat(furthest).isLessThan(1e-3);
        }
    }
}
