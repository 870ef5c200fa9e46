package io.github.lift4j.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.lift4j.engine.TinyModel;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.adapter.LoraSettings;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.transformer.TrainingPass;
import io.github.lift4j.engine.transformer.TrainingPass.Again;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The way back is libtorch's own, whatever is kept or computed again, for each family and each kind of adapter. */
class TrainingPassTest {

    private static final int TIME = 23;

    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "llama3", "mistral-window", "qwen2", "qwen3"})
    void gradientsAreThoseOfTheRecordedGraph(String family) {
        for (boolean fused : List.of(true, false)) {
            try (Transformer model = TinyModel.load(family, fused)) {
                for (boolean full : List.of(true, false)) {
                    try (Adapter adapter = full ? FullWeights.of(model) : lora(model)) {
                        gradientsAgree(model, adapter);
                    }
                }
            }
        }
    }

    /** The model's own type rounds each product, so the two differ by that. */
    @ParameterizedTest
    @ValueSource(strings = {"smollm2", "qwen2", "qwen3"})
    void soAreTheyInBfloat16(String family) {
        try (Transformer model = TinyModel.load(family, ComputeType.BFLOAT16)) {
            for (boolean full : List.of(true, false)) {
                try (Adapter adapter = full ? FullWeights.of(model) : lora(model);
                        PointerScope scope = new PointerScope()) {
                    backward(model, adapter, model.hidden(ids(model), adapter));
                    Tensor recorded = taken(adapter);
                    try (TrainingPass pass = model.training(ids(model), adapter, Again.CHEAP)) {
                        backward(model, adapter, pass.hidden());
                        pass.backward();
                    }
                    for (String name : adapter.parameters().names()) {
                        Tensor expected = adapter.parameters().part(recorded, name);
                        Tensor own = adapter.parameters().get(name).grad();
                        assertThat(own.sub(expected).norm().item_double())
                                .as(name)
                                .isLessThan(0.1 * expected.norm().item_double());
                    }
                }
            }
        }
    }

    private static void gradientsAgree(Transformer model, Adapter adapter) {
        try (PointerScope scope = new PointerScope()) {
            double expected = backward(model, adapter, model.hidden(ids(model), adapter));
            Tensor recorded = taken(adapter);
            for (Again again : Again.values()) {
                try (TrainingPass pass = model.training(ids(model), adapter, again)) {
                    double loss = backward(model, adapter, pass.hidden());
                    pass.backward();
                    assertThat(loss).isCloseTo(expected, withinPercentage(1e-4));
                    assertThat(furthest(taken(adapter), recorded))
                            .as(again.name())
                            .isLessThan(1e-5);
                }
            }
            assertThat(recorded.norm().item_double()).isGreaterThan(0.1);
        }
    }

    private static double backward(Transformer model, Adapter adapter, Tensor hidden) {
        TargetLoss loss = new TargetLoss(model, adapter);
        return loss.backward(hidden, loss.chunks(targets(model))).item_double();
    }

    /** A copy of the gradients, which are then zero. */
    private static Tensor taken(Adapter adapter) {
        try (AutoGradMode off = new AutoGradMode(false)) {
            Tensor copy = adapter.parameters().gradients().clone();
            adapter.parameters().gradients().zero_();
            return copy;
        }
    }

    private static double furthest(Tensor a, Tensor b) {
        return a.sub(b).abs().max().item_double();
    }

    /** With an up-projection that is not zero, so that both have gradients. */
    private static Adapter lora(Transformer model) {
        LoraAdapter adapter = LoraAdapter.create(model, LoraSettings.allLinear(4, 8), new SplittableRandom(1));
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            adapter.parameters().values().normal_(0, 0.1, new org.bytedeco.pytorch.GeneratorOptional());
        }
        return adapter;
    }

    private static Tensor ids(Transformer model) {
        return model.ids(tokens(model), TIME);
    }

    private static int[] tokens(Transformer model) {
        return new SplittableRandom(3)
                .ints(2 * TIME, 0, model.config().vocabulary())
                .toArray();
    }

    private static Targets targets(Transformer model) {
        int[] tokens = tokens(model);
        List<TrainingExample> examples = IntStream.range(0, 2)
                .mapToObj(i -> TrainingExample.uniform(Arrays.copyOfRange(tokens, i * TIME, (i + 1) * TIME), 1f / TIME))
                .toList();
        return Targets.of(examples, TIME);
    }
}
