package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.TrainingPass.Again;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a GPU a recorded pass gives the loss and the gradients of one that is not. Elsewhere nothing is recorded. */
class RecordedPassesTest {

    private static final int EXAMPLES = 3;

    @BeforeAll
    static void onAGpu() {
        assumeTrue(ComputeDevice.parse("auto") instanceof ComputeDevice.Cuda, "no GPU");
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreTheSame(ComputeType type) {
        for (String family : List.of("smollm2", "qwen3", "mistral-window")) {
            try (Transformer model = TinyModel.on("cuda:0", family, type)) {
                for (boolean full : type == ComputeType.FLOAT8 ? List.of(false) : List.of(true, false)) {
                    try (Adapter adapter = full
                            ? FullWeights.of(model)
                            : LoraAdapter.create(model, LoraSettings.allLinear(8, 16), new SplittableRandom(1))) {
                        samePasses(model, adapter);
                    }
                }
            }
        }
    }

    private static void samePasses(Transformer model, Adapter adapter) {
        GradientPasses.Named named = new GradientPasses.Named(model, adapter, Again.CHEAP);
        try (RecordedPasses recorded = new RecordedPasses((ComputeDevice.Cuda) model.device(), named)) {
            for (int round = 0; round < 8; round++) {
                for (int length : new int[] {40, 70, 130}) {
                    try (PointerScope scope = new PointerScope()) {
                        PaddedBatch batch = batch(model, length, round, recorded.granule());
                        TargetLoss loss = new TargetLoss(model, adapter);
                        Tensor ids = model.ids(batch.ids(), batch.time());
                        double expected =
                                named.run(ids, loss.chunks(batch.targets())).item_double();
                        Tensor gradients = taken(adapter);
                        double actual =
                                recorded.run(ids, loss.chunks(batch.targets())).item_double();
                        assertThat(actual).isCloseTo(expected, within(1e-3 * Math.abs(expected)));
                        Tensor ours = taken(adapter);
                        assertThat(ours.sub(gradients).norm().item_double())
                                .isLessThan(0.02 * gradients.norm().item_double());
                    }
                }
            }
        }
    }

    private static PaddedBatch batch(Transformer model, int length, int seed, int granule) {
        SplittableRandom random = new SplittableRandom(31L * length + seed);
        return PaddedBatch.of(
                IntStream.range(0, EXAMPLES)
                        .mapToObj(i -> TrainingExample.uniform(
                                random.ints(length, 0, model.config().vocabulary())
                                        .toArray(),
                                1f / length))
                        .toList(),
                granule);
    }

    /** A copy of the gradients, which are then zero. */
    private static Tensor taken(Adapter adapter) {
        try (AutoGradMode off = new AutoGradMode(false)) {
            Tensor copy = adapter.parameters().gradients().clone();
            adapter.parameters().gradients().zero_();
            return copy;
        }
    }
}
