package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A frozen base in eight bits is learned beside nearly as in sixteen. */
class Float8Test {

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "qwen2", "qwen3"})
    void trainsAlongsideBfloat16(String family) {
        List<Trainer.Step> narrow = steps(family, ComputeType.FLOAT8);
        List<Trainer.Step> wide = steps(family, ComputeType.BFLOAT16);
        // A tiny model of random weights soon takes a way of its own.
        for (int i = 0; i < 3; i++) {
            assertThat(narrow.get(i).loss())
                    .isCloseTo(wide.get(i).loss(), within(0.03 * wide.get(i).loss()));
            assertThat(narrow.get(i).gradientNorm())
                    .isCloseTo(
                            wide.get(i).gradientNorm(),
                            within(0.25 * wide.get(i).gradientNorm()));
        }
        assertThat(narrow.getLast().loss()).isLessThan(0.9 * narrow.getFirst().loss());
        assertThat(narrow).isNotEqualTo(wide);
    }

    @Test
    void weightsTakeAByteEachAndAnswerNearlyAlike() {
        try (Transformer narrow = TinyModel.load("smollm2", ComputeType.FLOAT8);
                Transformer wide = TinyModel.load("smollm2", ComputeType.BFLOAT16)) {
            assertThat(narrow.linears())
                    .allSatisfy(layer ->
                            assertThat(layer.weight().stored().element_size()).isEqualTo(1));
            assertThat(wide.float8()).isEmpty();
            assertThat(mean(narrow)).isCloseTo(mean(wide), within(0.2));
        }
    }

    private static List<Trainer.Step> steps(String family, ComputeType type) {
        try (Transformer model = TinyModel.load(family, type);
                LoraAdapter adapter =
                        LoraAdapter.create(model, LoraSettings.allLinear(8, 16), new SplittableRandom(1));
                Trainer trainer =
                        new Trainer(model, adapter, AdamW.DEFAULT, OptionalDouble.of(1), StepMemory.of(4096))) {
            List<TrainingExample> examples = List.of(TrainingExample.uniform(ids(model), 1f / 40));
            return Stream.generate(() -> trainer.step(examples, 1e-2)).limit(12).toList();
        }
    }

    /** Mean log-likelihood of some tokens, in nats. */
    private static double mean(Transformer model) {
        try (Context context = new Context(model, Adaptation.NONE)) {
            context.read(1);
            return Arrays.stream(context.score(ids(model))).average().orElseThrow();
        }
    }

    private static int[] ids(Transformer model) {
        return new SplittableRandom(2).ints(40, 0, model.config().vocabulary()).toArray();
    }
}
