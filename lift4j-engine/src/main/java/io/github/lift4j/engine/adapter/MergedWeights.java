package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Parameter;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * A low-rank adapter multiplied out: {@code W + scale * B A} for each adapted layer, beside the base's {@code W}. A token
 * then costs what it costs the base; through the low-rank product, with its two small operations a layer, it took twice
 * the time on a processor.
 */
final class MergedWeights implements Attachment {

    /** Above this many bytes a second copy of the layers is too dear. */
    private static final long LARGEST = 2L << 30;

    private final Tensor all;
    private final Map<String, Tensor> merged = new HashMap<>();

    /** @param elements of all adapted layers */
    private MergedWeights(Transformer model, long elements) {
        try (PointerScope scope = new PointerScope()) {
            TensorOptions options = model.head().value().options();
            all = torch.empty(new long[] {elements}, options, null).retainReference();
        }
    }

    static boolean fits(LoraAdapter adapter, Transformer model) {
        return elements(adapter, model) * model.head().value().element_size() <= LARGEST;
    }

    private static long elements(LoraAdapter adapter, Transformer model) {
        return adapted(adapter, model)
                .mapToLong(layer -> layer.in() * layer.out())
                .sum();
    }

    private static Stream<Linear> adapted(LoraAdapter adapter, Transformer model) {
        return model.linears().stream().filter(layer -> adapter.settings().adapts(layer.name()));
    }

    /** The layers lie one behind the other, so that those which read one input are one matrix. */
    static MergedWeights of(LoraAdapter adapter, Transformer model) {
        MergedWeights weights = new MergedWeights(model, elements(adapter, model));
        try (AutoGradMode off = new AutoGradMode(false)) {
            long offset = 0;
            for (Linear layer : adapted(adapter, model).toList()) {
                weights.add(adapter, layer, offset);
                offset += layer.in() * layer.out();
            }
        }
        return weights;
    }

    private void add(LoraAdapter adapter, Linear layer, long offset) {
        try (PointerScope scope = new PointerScope()) {
            Tensor base = layer.weight().value();
            Tensor down = adapter.parameters().get(LoraAdapter.a(layer.name()));
            Tensor up = adapter.parameters().get(LoraAdapter.b(layer.name()));
            Tensor own = all.narrow(0, offset, base.numel()).view_as(base);
            own.copy_(
                    LoraAdapter.multipliedOut(base, down, up, adapter.settings().scale()));
            merged.put(layer.weight().name(), own.retainReference());
        }
    }

    @Override
    public Optional<Tensor> trained(Parameter parameter) {
        return Optional.ofNullable(merged.get(parameter.name()));
    }

    @Override
    public void close() {
        merged.values().forEach(Tensor::close);
        merged.clear();
        all.close();
    }
}
