package io.github.lift4j.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.AdapterPool;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.adapter.PooledAdapter;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.runtime.Recording;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.KeyValueCache;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.RandomWeights;
import io.github.lift4j.engine.transformer.RowAdaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A recorded pass gives the logits of one that is not, whatever becomes of the cache between tokens. On a GPU what is
 * recorded is a CUDA graph; elsewhere launching does the same work once more.
 */
class RecordedNextTokensTest {

    private static final ComputeDevice DEVICE = ComputeDevice.parse("auto");
    private static final String NAME = DEVICE instanceof ComputeDevice.Cuda ? "cuda:0" : "cpu";

    /** What was recorded, and how often something was launched. */
    private final AtomicInteger recordings = new AtomicInteger();

    private final AtomicInteger launches = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void oneText(String family) {
        try (Transformer model = model(family);
                Sides sides = new Sides(model, () -> cache(model))) {
            sides.read(1, 9);
            sides.write(300, 1);
            sides.both(cache -> cache.truncate(100));
            sides.write(20, 1);
        }
        assertThat(launches).hasValueGreaterThan(300);
        assertThat(recordings).hasValueLessThan(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void textsThatComeAndGo(String family) {
        comeAndGo(() -> model(family));
        assertThat(launches).hasValueGreaterThan(500);
        assertThat(recordings).hasValueLessThan(40);
    }

    /** What a GPU answers in, where the newest tokens attend by a kernel of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void theSameInBfloat16(String family) {
        comeAndGo(() -> TinyModel.on(NAME, family, ComputeType.BFLOAT16));
    }

    /** Heads as wide as most models'. */
    @ParameterizedTest
    @ValueSource(strings = {"smollm2-135m", "llama-3-8b"})
    void theSameInRealWidths(String shape) {
        assumeTrue(DEVICE instanceof ComputeDevice.Cuda, "no GPU");
        comeAndGo(() -> random(shape));
    }

    private static Transformer random(String shape) {
        ModelConfig config = ModelConfig.ofShape(shape);
        try (RandomWeights weights = new RandomWeights(config, new SplittableRandom(1))) {
            return Transformer.load(config, weights, DEVICE, ComputeType.BFLOAT16);
        }
    }

    private void comeAndGo(Supplier<Transformer> models) {
        for (int prefix : new int[] {0, 21}) {
            try (Transformer model = models.get();
                    KeyValueCache shared = shared(model, prefix);
                    Sides sides = new Sides(model, () -> shared.branch(new int[] {0, 4, 2}))) {
                sides.read(3, 7);
                sides.write(90, 3);
                sides.both(cache -> cache.keepRows(new int[] {1, 2}));
                sides.write(10, 2);
                try (Sides newcomers = new Sides(model, () -> shared.branch(new int[] {3, 0, 1, 5}))) {
                    newcomers.read(4, 12);
                    sides.join(newcomers);
                }
                sides.write(200, 6);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "qwen3", "mistral-window"})
    void rowsAdaptedByTheirOwn(String family) {
        adaptedByTheirOwn(() -> model(family), 1);
        assertThat(launches).hasValueGreaterThan(200);
        assertThat(recordings).hasValueLessThan(12);
    }

    @Test
    void rowsAdaptedByTheirOwnInBfloat16() {
        assumeTrue(DEVICE instanceof ComputeDevice.Cuda, "no GPU");
        // Two roundings of larger adapters' outputs, in as wide a model, are further apart than these.
        adaptedByTheirOwn(() -> random("smollm2-135m"), 0.05);
    }

    private void adaptedByTheirOwn(Supplier<Transformer> models, double scale) {
        try (Transformer model = models.get();
                AdapterPool pool = new AdapterPool(model);
                KeyValueCache shared = cache(model);
                Sides sides = new Sides(model, () -> shared.branch(new int[] {0, 4, 2}), pool::rows)) {
            PooledAdapter one = TinyAdapters.pooled(pool, model, LoraSettings.allLinear(4, 4 * scale), 1);
            PooledAdapter two = TinyAdapters.pooled(pool, model, LoraSettings.allLinear(6, 3 * scale), 2);
            sides.assign(one, two, Adaptation.NONE);
            sides.read(3, 7);
            sides.write(60, 3);
            sides.assign(two, Adaptation.NONE, one);
            sides.write(40, 3);
            sides.both(cache -> cache.keepRows(new int[] {1, 2}));
            sides.assign(one, one);
            sides.write(40, 2);
            PooledAdapter three = TinyAdapters.pooled(pool, model, LoraSettings.allLinear(9, 9 * scale), 3);
            sides.assign(three, one);
            sides.write(100, 2);
            List.of(one, two, three).forEach(PooledAdapter::close);
        }
    }

    private static Transformer model(String family) {
        return TinyModel.on(NAME, family, ComputeType.FLOAT32);
    }

    private static KeyValueCache shared(Transformer model, int tokens) {
        KeyValueCache cache = cache(model);
        if (tokens > 0) {
            try (PointerScope scope = new PointerScope();
                    AutoGradMode off = new AutoGradMode(false)) {
                model.hidden(model.ids(new int[tokens], tokens), cache, Adaptation.NONE);
            }
        }
        return cache;
    }

    private static KeyValueCache cache(Transformer model) {
        return new KeyValueCache(model.config().layers());
    }

    private Recording record(Runnable work) {
        recordings.incrementAndGet();
        return new Counted(
                DEVICE instanceof ComputeDevice.Cuda gpu ? RecordedNextTokens.record(gpu, work) : new Again(work),
                launches);
    }

    private record Again(Runnable work) implements Recording {

        @Override
        public void launch() {
            work.run();
        }

        @Override
        public void close() {
            // Nothing was kept.
        }
    }

    private record Counted(Recording work, AtomicInteger launches) implements Recording {

        @Override
        public void launch() {
            launches.incrementAndGet();
            work.launch();
        }

        @Override
        public void close() {
            work.close();
        }
    }

    /** Two caches to which the same happens, of which one is written to by recorded passes. */
    private final class Sides implements AutoCloseable {

        private final Transformer model;
        private final List<KeyValueCache> caches;
        private final List<RowAdaptation> adaptations;
        private final NextTokens named;
        private final NextTokens recorded;
        private final SplittableRandom random = new SplittableRandom(3);

        Sides(Transformer model, Supplier<KeyValueCache> caches) {
            this(model, caches, () -> RowAdaptation.alike(Adaptation.NONE));
        }

        Sides(Transformer model, Supplier<KeyValueCache> caches, Supplier<RowAdaptation> adaptations) {
            this.model = model;
            this.caches = List.of(caches.get(), caches.get());
            this.adaptations = List.of(adaptations.get(), adaptations.get());
            this.named = named(0);
            this.recorded = new RecordedNextTokens(named(1), RecordedNextTokensTest.this::record);
        }

        private NextTokens.Named named(int side) {
            return new NextTokens.Named(model, adaptations.get(side), caches.get(side));
        }

        void assign(Adaptation... rows) {
            for (int i = 0; i < caches.size(); i++) {
                adaptations
                        .get(i)
                        .assign(
                                List.of(rows),
                                Math.max(rows.length, caches.get(i).rows()));
            }
        }

        void read(int rows, int tokens) {
            int[] ids = ids(rows * tokens);
            for (int i = 0; i < caches.size(); i++) {
                try (PointerScope scope = new PointerScope();
                        AutoGradMode off = new AutoGradMode(false)) {
                    model.hidden(model.ids(ids, tokens), caches.get(i), adaptations.get(i));
                }
            }
        }

        void write(int tokens, int rows) {
            for (int i = 0; i < tokens; i++) {
                int[] ids = ids(rows);
                try (PointerScope scope = new PointerScope();
                        AutoGradMode off = new AutoGradMode(false)) {
                    Tensor expected = named.logits(ids);
                    Tensor difference = expected.sub(recorded.logits(ids));
                    assertThat(difference.norm().item_double())
                            .isLessThan(tolerance() * expected.norm().item_double());
                }
            }
        }

        /** In bfloat16 the two round scores differently, which weights as large as the tiny models' make more of. */
        private double tolerance() {
            return model.type() == ComputeType.FLOAT32 ? 1e-4 : 0.1;
        }

        void both(Consumer<KeyValueCache> work) {
            caches.forEach(work);
        }

        void join(Sides others) {
            for (int i = 0; i < caches.size(); i++) {
                caches.get(i).join(others.caches.get(i));
            }
        }

        private int[] ids(int count) {
            return random.ints(count, 0, model.config().vocabulary()).toArray();
        }

        @Override
        public void close() {
            recorded.close();
            both(KeyValueCache::close);
            adaptations.forEach(RowAdaptation::close);
        }
    }
}
