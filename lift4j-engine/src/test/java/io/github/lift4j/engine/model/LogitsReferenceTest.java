package io.github.lift4j.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lift4j.engine.Reference;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From text to logits on the default model, against Hugging Face transformers in float32. */
@Tag("real")
class LogitsReferenceTest {

    @Test
    void passagesHaveTheReferenceLikelihoodAndLastLogits() throws IOException {
        try (LanguageModel model =
                LanguageModel.load("default", Reference.modelFile(), ComputeDevice.parse("cpu"), ComputeType.FLOAT32)) {
            for (JsonNode example : Reference.values("logits")) {
                int[] ids = model.tokenizer().encode(example.get("text").asText());
                assertThat(ids).hasSize(example.get("tokens").asInt());
                double expected = example.get("nll_sum").asDouble();
                assertThat(nll(model, ids)).isCloseTo(expected, within(1e-4 * expected));
                assertLastLogits(lastLogits(model.transformer(), ids), example);
            }
        }
    }

    private static void assertLastLogits(float[] logits, JsonNode example) {
        int[] top = IntStream.range(0, logits.length)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .limit(5)
                .mapToInt(i -> i)
                .toArray();
        assertThat(top).isEqualTo(Reference.ids(example.get("last_top5_ids")));
        for (int i = 0; i < top.length; i++) {
            assertThat((double) logits[top[i]])
                    .isCloseTo(example.get("last_top5_logits").get(i).asDouble(), within(1e-2));
        }
    }

    private static double nll(LanguageModel model, int[] ids) {
        try (Context context = new Context(model.transformer(), Adaptation.NONE)) {
            context.read(ids[0]);
            return Arrays.stream(context.score(Arrays.copyOfRange(ids, 1, ids.length)))
                    .sum();
        }
    }

    private static float[] lastLogits(Transformer model, int[] ids) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            Tensor hidden = model.hidden(model.ids(ids, ids.length), Adaptation.NONE);
            Tensor last = model.logits(hidden.select(1, ids.length - 1L), Adaptation.NONE)
                    .contiguous();
            float[] logits = new float[model.config().vocabulary()];
            new FloatPointer(last.data_ptr()).get(logits);
            return logits;
        }
    }
}
