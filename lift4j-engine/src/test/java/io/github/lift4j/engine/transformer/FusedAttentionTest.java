package io.github.lift4j.engine.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.training.AdamW;
import io.github.lift4j.engine.training.StepMemory;
import io.github.lift4j.engine.training.Trainer;
import io.github.lift4j.engine.training.TrainingExample;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a GPU runs by default, on the processor: the fused kernel says what the explicit one does. */
class FusedAttentionTest {

    private static final int TOKENS = 61;

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "mistral-window", "qwen2", "qwen3"})
    void hiddenStatesAreThoseOfTheExplicitKernel(String name) {
        try (Transformer explicit = TinyModel.load(name);
                Transformer fused = TinyModel.load(name, true);
                PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            int[] ids = ids(explicit);
            double furthest = explicit.hidden(explicit.ids(ids, TOKENS), Adaptation.NONE)
                    .sub(fused.hidden(fused.ids(ids, TOKENS), Adaptation.NONE))
                    .abs()
                    .max()
                    .item_double();
            assertThat(furthest).isLessThan(2e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "mistral-window"})
    void aTextReadInPiecesIsScoredAlike(String name) {
        try (Transformer explicit = TinyModel.load(name);
                Transformer fused = TinyModel.load(name, true)) {
            int[] ids = ids(explicit);
            double[] expected = scored(explicit, ids);
            double[] found = scored(fused, ids);
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i], within(1e-4));
            }
        }
    }

    @Test
    void gradientsAreAlike() {
        try (Transformer explicit = TinyModel.load("smollm2");
                Transformer fused = TinyModel.load("smollm2", true)) {
            assertThat(losses(fused, true)).containsExactly(losses(explicit, true), within(1e-4));
            assertThat(losses(fused, false)).containsExactly(losses(explicit, false), within(1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "mistral-window", "qwen3"})
    void aTextReadTokenByTokenIsScoredAlike(String name) {
        try (Transformer explicit = TinyModel.load(name);
                Transformer fused = TinyModel.load(name, true)) {
            assertThat(tokenByToken(fused)).containsExactly(tokenByToken(explicit), within(1e-4));
        }
    }

    private static double[] tokenByToken(Transformer model) {
        int[] ids = ids(model);
        try (Context context = new Context(model, Adaptation.NONE)) {
            context.read(ids[0]);
            return Arrays.stream(ids)
                    .skip(1)
                    .mapToDouble(id -> context.score(id)[0])
                    .toArray();
        }
    }

    private static double[] scored(Transformer model, int[] ids) {
        try (Context context = new Context(model, Adaptation.NONE)) {
            context.read(Arrays.copyOf(ids, 20));
            return context.score(Arrays.copyOfRange(ids, 20, TOKENS));
        }
    }

    /** Of some steps: equal only where the gradients were. */
    private static double[] losses(Transformer model, boolean full) {
        LoraSettings settings = LoraSettings.allLinear(4, 8);
        try (var adapter = full ? FullWeights.of(model) : LoraAdapter.create(model, settings, new SplittableRandom(1));
                Trainer trainer =
                        new Trainer(model, adapter, AdamW.DEFAULT, OptionalDouble.of(1), StepMemory.of(4096))) {
            double[] losses = new double[4];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = trainer.step(List.of(TrainingExample.uniform(ids(model), 1f / TOKENS)), 1e-3)
                        .loss();
            }
            return losses;
        }
    }

    private static int[] ids(Transformer model) {
        return new SplittableRandom(5)
                .ints(TOKENS, 0, model.config().vocabulary())
                .toArray();
    }
}
