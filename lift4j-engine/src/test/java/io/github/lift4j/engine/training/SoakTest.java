package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.engine.ResidentMemory;
import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.transformer.Transformer;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Native memory does not grow with the number of steps. */
@Tag("soak")
@EnabledOnOs(OS.LINUX)
class SoakTest {

    @Test
    void residentMemoryStaysFlatOver2000Steps() throws IOException {
        long early = 0;
        long late = 0;
        SplittableRandom random = new SplittableRandom(0);
        try (Transformer model = TinyModel.load("smollm2");
                LoraAdapter adapter = LoraAdapter.create(model, LoraSettings.allLinear(8, 16), random);
                Trainer trainer =
                        new Trainer(model, adapter, AdamW.DEFAULT, OptionalDouble.of(1), StepMemory.of(4096))) {
            for (int step = 0; step < 2000; step++) {
                int[] tokens = random.ints(128, 0, 128).toArray();
                trainer.step(List.of(TrainingExample.uniform(tokens, 1f / 127)), 1e-3);
                if (step >= 200 && step < 500) {
                    early = Math.max(early, ResidentMemory.now());
                } else if (step >= 1500) {
                    late = Math.max(late, ResidentMemory.now());
                }
            }
        }
        assertThat((double) late).isLessThan(1.02 * early);
    }
}
