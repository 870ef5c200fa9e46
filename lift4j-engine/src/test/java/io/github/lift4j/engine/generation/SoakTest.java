package io.github.lift4j.engine.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.engine.ResidentMemory;
import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.AdapterPool;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.adapter.PooledAdapter;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.io.IOException;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Texts that come and go leave nothing behind, though hardly two steps are of one shape. */
@Tag("soak")
@EnabledOnOs(OS.LINUX)
class SoakTest {

    private static final int TOGETHER = 64;

    @Test
    void shapesThatWillNotComeAgainAreNotKept() throws IOException {
        SplittableRandom random = new SplittableRandom(0);
        try (Transformer model = TinyModel.load("smollm2", ComputeType.BFLOAT16);
                Context context = new Context(model, Adaptation.NONE)) {
            context.read(tokens(20, random));
            try (ContinuousBatch batch = context.batch(Set.of())) {
                long before = ResidentMemory.now();
                for (int step = 0; step < 600; step++) {
                    while (batch.size() < TOGETHER) {
                        batch.join(new ContinuousBatch.Text(
                                tokens(random.nextInt(20, 60), random),
                                Sampling.GREEDY,
                                random.nextInt(8, 48),
                                id -> true));
                    }
                    batch.step();
                }
                // The model itself has less than one megabyte.
                assertThat(ResidentMemory.now() - before).isLessThan(400 * 1024);
            }
        }
    }

    @Test
    void adaptersThatComeAndGoLeaveNothing() throws IOException {
        try (Transformer model = TinyModel.load("smollm2");
                AdapterPool pool = new AdapterPool(model);
                ContinuousBatch batch = ContinuousBatch.mixed(model, pool.rows(), Set.of())) {
            comeAndGo(model, pool, batch, 100);
            long before = ResidentMemory.now();
            comeAndGo(model, pool, batch, 900);
            // An adapter has a fifth of a megabyte, and a twelfth multiplied out.
            assertThat(ResidentMemory.now() - before).isLessThan(48 * 1024);
        }
    }

    private static void comeAndGo(Transformer model, AdapterPool pool, ContinuousBatch batch, int times) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < times; i++) {
            LoraSettings settings = LoraSettings.allLinear(48 + i % 3, 16);
            try (PooledAdapter adapter = TinyAdapters.pooled(pool, model, settings, i);
                    Context window = new Context(model, adapter)) {
                window.read(tokens(10, random));
                batch.join(new ContinuousBatch.Text(tokens(12, random), Sampling.GREEDY, 6, id -> true), window);
                batch.join(new ContinuousBatch.Text(tokens(9, random), Sampling.GREEDY, 4, id -> true));
                while (batch.size() > 0) {
                    batch.step();
                }
            }
        }
    }

    private static int[] tokens(int count, SplittableRandom random) {
        return random.ints(count, 0, 128).toArray();
    }
}
