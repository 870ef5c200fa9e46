package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.PeftFormat;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Losses on a GPU against those of {@code scripts/hf-losses}: {@code -Dlift4j.losses=FILE -Dlift4j.losses.model=GGUF
 * -Dlift4j.losses.adapter=FOLDER}, the three that the script had. Without them there is nothing to compare.
 */
class HuggingFaceLossesTest {

    @Test
    void followsTheLossesWithinAPercent() throws IOException {
        String file = System.getProperty("lift4j.losses", "");
        assumeTrue(!file.isEmpty(), "no losses to compare with");
        JsonNode reference = new ObjectMapper().readTree(Path.of(file).toFile());
        double rate = reference.get("learning_rate").asDouble();
        List<Double> ours = new ArrayList<>();
        try (LanguageModel model = LanguageModel.load(
                        "model",
                        Path.of(System.getProperty("lift4j.losses.model")),
                        ComputeDevice.parse("auto"),
                        ComputeType.BFLOAT16);
                LoraAdapter adapter =
                        PeftFormat.read(Path.of(System.getProperty("lift4j.losses.adapter")), model.transformer());
                Trainer trainer = new Trainer(
                        model.transformer(),
                        adapter,
                        new AdamW(0.9, 0.999, 1e-8, 0),
                        OptionalDouble.empty(),
                        StepMemory.of(32_768))) {
            for (JsonNode batch : reference.get("segments")) {
                ours.add(trainer.step(examples(batch), rate).loss());
            }
        }
        List<Double> theirs = new ArrayList<>();
        reference.get("losses").forEach(loss -> theirs.add(loss.asDouble()));
        double worst = IntStream.range(0, ours.size())
                .mapToDouble(i -> Math.abs(ours.get(i) / theirs.get(i) - 1))
                .max()
                .orElseThrow();
        System.out.printf(
                "%d steps, %.5f and %.5f in the mean, at most %.3f%% apart%n",
                ours.size(), mean(ours), mean(theirs), 100 * worst);
        assertThat(mean(ours)).isCloseTo(mean(theirs), within(0.01 * mean(theirs)));
        assertThat(worst).isLessThan(0.01);
    }

    private static List<TrainingExample> examples(JsonNode batch) {
        List<TrainingExample> examples = new ArrayList<>();
        for (JsonNode ids : batch) {
            int[] tokens =
                    IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray();
            examples.add(TrainingExample.uniform(tokens, 1f / (batch.size() * (tokens.length - 1))));
        }
        return examples;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }
}
