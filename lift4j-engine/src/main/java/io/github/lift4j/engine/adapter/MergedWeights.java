package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Parameter;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;

/**
 * A low-rank adapter multiplied out: {@code W + scale * B A} for each adapted layer, beside the base's {@code W}. A token
 * then costs what it costs the base; through the low-rank product, with its two small operations a layer, it took twice
 * the time on a processor.
 */
final class MergedWeights implements Attachment {

    /** Above this many bytes a second copy of the layers is too dear. */
    private static final long LARGEST = 2L << 30;

    private final Map<String, Tensor> merged = new HashMap<>();

    private MergedWeights() {}

    static boolean fits(LoraAdapter adapter, Transformer model) {
        long elements = model.linears().stream()
                .filter(layer -> adapter.settings().adapts(layer.name()))
                .mapToLong(layer -> layer.in() * layer.out())
                .sum();
        return elements * model.head().value().element_size() <= LARGEST;
    }

    static MergedWeights of(LoraAdapter adapter, Transformer model) {
        MergedWeights weights = new MergedWeights();
        try (AutoGradMode off = new AutoGradMode(false)) {
            for (Linear layer : model.linears()) {
                if (adapter.settings().adapts(layer.name())) {
                    weights.merged.put(layer.weight().name(), merge(adapter, layer));
                }
            }
        }
        return weights;
    }

    private static Tensor merge(LoraAdapter adapter, Linear layer) {
        try (PointerScope scope = new PointerScope()) {
            Tensor base = layer.weight().value();
            Tensor down = adapter.parameters().get(LoraAdapter.a(layer.name()));
            Tensor up = adapter.parameters().get(LoraAdapter.b(layer.name()));
            Tensor sum =
                    LoraAdapter.multipliedOut(base, down, up, adapter.settings().scale());
            return sum.to(base.scalar_type()).retainReference();
        }
    }

    @Override
    public Tensor weight(Parameter parameter) {
        Tensor weight = merged.get(parameter.name());
        return weight == null ? parameter.value() : weight;
    }

    @Override
    public void close() {
        merged.values().forEach(Tensor::close);
        merged.clear();
    }
}
