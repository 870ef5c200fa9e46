package io.github.lift4j.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.AdapterPool;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.adapter.PooledAdapter;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts in one batch, each by an adapter of its own, are what each would be with that adapter alone. */
class MixedBatchTest {

    private static final Set<Integer> STOPS = Set.of(5);
    private static final Set<Integer> NEVER = Set.of();

    /** What differs between adapters: rank, scale, layers. */
    private static final List<LoraSettings> SETTINGS = List.of(
            LoraSettings.allLinear(4, 8),
            new LoraSettings(2, 3, true, Set.of("q_proj", "v_proj")),
            LoraSettings.allLinear(7, 7),
            new LoraSettings(3, 5, false, Set.of("down_proj")));

    /** A text, what adapts it, and what was heard of it. */
    private record Heard(Adaptation by, Set<Integer> stops, int[] suffix, int limit, List<Integer> heard) {

        static Heard of(Adaptation by, Set<Integer> stops, int seed) {
            int tokens = 1 + seed * 37 % 41;
            return new Heard(by, stops, TinyAdapters.ids(tokens, seed), 4 + seed * 13 % 30, new ArrayList<>());
        }

        void join(ContinuousBatch batch) {
            batch.join(new ContinuousBatch.Text(suffix, Sampling.GREEDY, limit, heard::add), by);
        }

        List<Integer> alone(Transformer model) {
            try (Context context = new Context(model, by)) {
                List<Integer> written = new ArrayList<>();
                context.read(suffix);
                context.generate(Sampling.GREEDY, stops, limit, written::add);
                return written;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void eachTextIsAdaptedByItsOwn(String family) {
        try (Transformer model = TinyModel.load(family);
                AdapterPool pool = new AdapterPool(model);
                ContinuousBatch batch = ContinuousBatch.mixed(model, pool::rows, STOPS)) {
            List<Adaptation> adapters = new ArrayList<>(List.of(Adaptation.NONE));
            SETTINGS.forEach(settings -> adapters.add(TinyAdapters.pooled(pool, model, settings, adapters.size())));
            List<Heard> texts = new ArrayList<>();
            // Two more at every third step, so that some come as others go.
            for (int step = 0; step < 36 || batch.size() > 0; step++) {
                if (step % 3 == 0 && step < 36) {
                    for (int i = 0; i < 2; i++) {
                        Heard text = Heard.of(adapters.get(texts.size() * 3 % adapters.size()), STOPS, texts.size());
                        texts.add(text);
                        text.join(batch);
                    }
                }
                batch.step();
            }
            for (Heard text : texts) {
                assertThat(text.heard).isEqualTo(text.alone(model));
            }
            assertThat(texts.stream().map(text -> text.heard).distinct()).hasSizeGreaterThan(12);
            assertThat(Heard.of(adapters.get(1), STOPS, 7).alone(model))
                    .as("by an adapter")
                    .isNotEqualTo(Heard.of(Adaptation.NONE, STOPS, 7).alone(model));
            adapters.stream().skip(1).forEach(adapter -> ((PooledAdapter) adapter).close());
        }
    }

    @Test
    void adaptersComeAndGoWhileOthersAreUsed() {
        try (Transformer model = TinyModel.load("smollm2");
                AdapterPool pool = new AdapterPool(model);
                ContinuousBatch batch = ContinuousBatch.mixed(model, pool::rows, NEVER)) {
            PooledAdapter first = TinyAdapters.pooled(pool, model, SETTINGS.get(1), 1);
            PooledAdapter second = TinyAdapters.pooled(pool, model, SETTINGS.get(2), 2);
            Heard staying = new Heard(first, NEVER, TinyAdapters.ids(9, 1), 220, new ArrayList<>());
            List<Heard> passing = new ArrayList<>();
            staying.join(batch);
            for (int i = 0; i < 8; i++) {
                Heard text = Heard.of(second, NEVER, i);
                text.join(batch);
                while (batch.size() > 1) {
                    batch.step();
                }
                passing.add(text);
                assertThat(text.heard).isEqualTo(text.alone(model));
                second.close();
                // By turns larger, smaller, and of other layers than what stood in its place.
                second = TinyAdapters.pooled(pool, model, SETTINGS.get(i % SETTINGS.size()), 10 + i);
            }
            while (batch.size() > 0) {
                batch.step();
            }
            assertThat(staying.heard).isEqualTo(staying.alone(model)).hasSize(220);
            assertThat(passing).extracting(Heard::heard).doesNotHaveDuplicates();
            first.close();
            second.close();
        }
    }

    @Test
    void whatIsNoNumberIsRefusedBeforeItIsEverybodys() {
        try (Transformer model = TinyModel.load("smollm2")) {
            assertThatThrownBy(() -> PooledAdapter.of(
                            TinyAdapters.of(model, SETTINGS.get(0), new float[] {1, Float.NaN}), model))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("no numbers")
                    .hasMessageContaining("absorb");
        }
    }

    @Test
    void aTextOfAnotherAdaptationThanTheWindowsIsRefused() {
        try (Transformer model = TinyModel.load("smollm2");
                AdapterPool pool = new AdapterPool(model);
                PooledAdapter stranger = TinyAdapters.pooled(pool, model, SETTINGS.get(0), 1);
                Context context = new Context(model, Adaptation.NONE);
                ContinuousBatch batch = context.batch(STOPS)) {
            Heard.of(stranger, STOPS, 3).join(batch);
            assertThatThrownBy(batch::step).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
