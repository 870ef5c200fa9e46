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
                    PaddedBatch batch = batch(model, length, round, recorded.granule());
                    try (Ran expected = Ran.of(named, model, adapter, batch);
                            Ran actual = Ran.of(recorded, model, adapter, batch)) {
                        assertThat(actual.loss).isCloseTo(expected.loss, within(1e-3 * Math.abs(expected.loss)));
                        assertThat(actual.distance(expected)).isLessThan(0.02);
                    }
                }
            }
        }
    }

    /** What a pass gave; its graph is gone, as between two steps of training. */
    private record Ran(double loss, Tensor gradients) implements AutoCloseable {

        static Ran of(GradientPasses passes, Transformer model, Adapter adapter, PaddedBatch batch) {
            double loss;
            try (PointerScope scope = new PointerScope()) {
                TargetLoss targetLoss = new TargetLoss(model, adapter);
                loss = passes.run(model.ids(batch.ids(), batch.time()), targetLoss.chunks(batch.targets()))
                        .item_double();
            }
            try (AutoGradMode off = new AutoGradMode(false)) {
                Tensor copy = adapter.parameters().gradients().clone();
                adapter.parameters().gradients().zero_();
                return new Ran(loss, copy);
            }
        }

        double distance(Ran other) {
            return gradients.sub(other.gradients).norm().item_double()
                    / other.gradients.norm().item_double();
        }

        @Override
        public void close() {
            gradients.close();
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
}
