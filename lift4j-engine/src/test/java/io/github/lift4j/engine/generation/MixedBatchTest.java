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

    /** A text, the window that it goes on from, and what was heard of it. */
    private record Heard(Window from, int[] suffix, int limit, List<Integer> heard) {

        static Heard of(Window from, int seed) {
            int tokens = 1 + seed * 37 % 41;
            return new Heard(from, TinyAdapters.ids(tokens, seed), 4 + seed * 13 % 30, new ArrayList<>());
        }

        /** Every third one draws. */
        private Sampling sampling() {
            return limit % 3 == 0 ? new Sampling(1.3, 0, 1, 1.2, limit) : Sampling.GREEDY;
        }

        void join(ContinuousBatch batch) {
            batch.join(new ContinuousBatch.Text(suffix, sampling(), limit, heard::add), from.context);
        }

        List<Integer> alone(Set<Integer> stops) {
            try (Context context = from.again()) {
                List<Integer> written = new ArrayList<>();
                context.read(suffix);
                context.generate(sampling(), stops, limit, written::add);
                return written;
            }
        }
    }

    /** A window with some tokens in it. */
    private record Window(Transformer model, Adaptation by, int tokens, Context context) implements AutoCloseable {

        static Window of(Transformer model, Adaptation by, int tokens) {
            return new Window(model, by, tokens, filled(model, by, tokens));
        }

        private static Context filled(Transformer model, Adaptation by, int tokens) {
            Context context = new Context(model, by);
            if (tokens > 0) {
                context.read(TinyAdapters.ids(tokens, 99));
            }
            return context;
        }

        Context again() {
            return filled(model, by, tokens);
        }

        @Override
        public void close() {
            context.close();
            if (by instanceof PooledAdapter adapter) {
                adapter.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void eachTextIsAdaptedByItsOwn(String family) {
        try (Transformer model = TinyModel.load(family);
                AdapterPool pool = new AdapterPool(model);
                ContinuousBatch batch = ContinuousBatch.mixed(model, pool.rows(), STOPS)) {
            List<Window> windows = new ArrayList<>(List.of(Window.of(model, Adaptation.NONE, 11)));
            for (LoraSettings settings : SETTINGS) {
                PooledAdapter adapter = TinyAdapters.pooled(pool, model, settings, windows.size());
                windows.add(Window.of(model, adapter, windows.size() * 9 % 23));
            }
            List<Heard> texts = new ArrayList<>();
            // Two more at every third step, so that some come as others go.
            for (int step = 0; step < 36 || batch.size() > 0; step++) {
                if (step % 3 == 0 && step < 36) {
                    for (int i = 0; i < 2; i++) {
                        Heard text = Heard.of(windows.get(texts.size() * 3 % windows.size()), texts.size());
                        texts.add(text);
                        text.join(batch);
                    }
                }
                batch.step();
            }
            for (Heard text : texts) {
                assertThat(text.heard).isEqualTo(text.alone(STOPS));
            }
            assertThat(texts.stream().map(text -> text.heard).distinct()).hasSizeGreaterThan(12);
            assertThat(Heard.of(windows.get(1), 7).alone(STOPS))
                    .as("by an adapter")
                    .isNotEqualTo(Heard.of(windows.get(0), 7).alone(STOPS));
            windows.forEach(Window::close);
        }
    }

    @Test
    void adaptersComeAndGoWhileOthersAreUsed() {
        try (Transformer model = TinyModel.load("smollm2");
                AdapterPool pool = new AdapterPool(model);
                ContinuousBatch batch = ContinuousBatch.mixed(model, pool.rows(), NEVER);
                Window first = Window.of(model, TinyAdapters.pooled(pool, model, SETTINGS.get(1), 1), 6)) {
            Heard staying = new Heard(first, TinyAdapters.ids(9, 1), 220, new ArrayList<>());
            List<Heard> passing = new ArrayList<>();
            staying.join(batch);
            for (int i = 0; i < 8; i++) {
                // By turns larger, smaller, and of other layers than what stood in its place.
                PooledAdapter adapter = TinyAdapters.pooled(pool, model, SETTINGS.get(i % SETTINGS.size()), 10 + i);
                try (Window second = Window.of(model, adapter, i)) {
                    Heard text = Heard.of(second, i);
                    text.join(batch);
                    while (batch.size() > 1) {
                        batch.step();
                    }
                    passing.add(text);
                    assertThat(text.heard).isEqualTo(text.alone(NEVER));
                }
            }
            while (batch.size() > 0) {
                batch.step();
            }
            assertThat(staying.heard).isEqualTo(staying.alone(NEVER)).hasSize(220);
            assertThat(passing).extracting(Heard::heard).doesNotHaveDuplicates();
        }
    }

    @Test
    void aTextEndsWithItsWindow() {
        try (Transformer model = TinyModel.load("smollm2");
                AdapterPool pool = new AdapterPool(model);
                ContinuousBatch batch = ContinuousBatch.mixed(model, pool.rows(), NEVER);
                Window window = Window.of(model, TinyAdapters.pooled(pool, model, SETTINGS.get(0), 1), 50)) {
            int room = model.config().window() - 50;
            Heard full = new Heard(window, TinyAdapters.ids(room - 4, 2), 1000, new ArrayList<>());
            full.join(batch);
            while (batch.size() > 0) {
                batch.step();
            }
            assertThat(full.heard).hasSize(5).isEqualTo(full.alone(NEVER));
            Heard tooLong = new Heard(window, TinyAdapters.ids(room + 1, 2), 1, new ArrayList<>());
            assertThatThrownBy(() -> tooLong.join(batch))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("window");
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
                Window stranger = Window.of(model, TinyAdapters.pooled(pool, model, SETTINGS.get(0), 1), 0);
                Context context = new Context(model, Adaptation.NONE);
                ContinuousBatch batch = context.batch(STOPS)) {
            Heard.of(stranger, 3).join(batch);
            assertThatThrownBy(batch::step).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
