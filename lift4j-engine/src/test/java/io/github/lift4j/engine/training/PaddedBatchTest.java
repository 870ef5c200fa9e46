package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.transformer.TrainingPass.Again;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Padding changes neither the loss of a batch nor its gradients. */
class PaddedBatchTest {

    @Test
    void paddingWeighsNothing() {
        try (Transformer model = TinyModel.load("smollm2");
                Adapter adapter = LoraAdapter.create(model, LoraSettings.allLinear(8, 16), new SplittableRandom(1));
                PointerScope scope = new PointerScope()) {
            List<TrainingExample> examples = examples(model);
            double plainLoss = loss(model, adapter, PaddedBatch.of(examples, 1));
            Tensor plain = gradients(adapter);
            double paddedLoss = loss(model, adapter, PaddedBatch.of(examples, 64));
            Tensor padded = gradients(adapter);
            assertThat(paddedLoss).isCloseTo(plainLoss, within(1e-5));
            assertThat(padded.sub(plain).norm().item_double())
                    .isLessThan(1e-5 * plain.norm().item_double());
        }
    }

    private static List<TrainingExample> examples(Transformer model) {
        SplittableRandom random = new SplittableRandom(2);
        return Stream.of(5, 9, 7)
                .map(length -> TrainingExample.uniform(
                        random.ints(length, 0, model.config().vocabulary()).toArray(), 1f / length))
                .toList();
    }

    private static double loss(Transformer model, Adapter adapter, PaddedBatch batch) {
        return new GradientPasses.Named(model, adapter, Again.CHEAP)
                .run(model.ids(batch.ids(), batch.time()), new TargetLoss(model, adapter).chunks(batch.targets()))
                .item_double();
    }

    private static Tensor gradients(Adapter adapter) {
        try (AutoGradMode off = new AutoGradMode(false)) {
            Tensor copy = adapter.parameters().gradients().clone();
            adapter.parameters().gradients().zero_();
            return copy;
        }
    }
}
