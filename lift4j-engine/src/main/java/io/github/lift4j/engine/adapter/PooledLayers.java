package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.transformer.Linear;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A pool's memory: for each adapted layer the A and the B of all members, in the model's compute type. Close it. */
final class PooledLayers implements AutoCloseable {

    private final List<Linear> adapted;
    private final int rank;
    private final Tensor downs;
    private final Tensor ups;
    /** By the layer's name: A, {@code [rank, in]}. */
    private final Map<String, Tensor> down = new HashMap<>();
    /** By the layer's name: B transposed, with the scale in it, {@code [rank, out]}. */
    private final Map<String, Tensor> up = new HashMap<>();

    /** Zeros: what belongs to nobody is multiplied by nothing, which only makes nothing of a number. */
    PooledLayers(Transformer model, int rank, Predicate<Linear> adapts) {
        this.adapted = model.linears().stream().filter(adapts).toList();
        this.rank = rank;
        try (PointerScope scope = new PointerScope()) {
            this.downs = zeros(model, Linear::in, down);
            this.ups = zeros(model, Linear::out, up);
        }
    }

    /** The layers lie one behind the other, so that those which read one input are one matrix. */
    private Tensor zeros(Transformer model, ToLongFunction<Linear> width, Map<String, Tensor> parts) {
        long all = rank * adapted.stream().mapToLong(width).sum();
        Tensor whole =
                torch.zeros(new long[] {all}, model.head().value().options()).retainReference();
        long from = 0;
        for (Linear layer : adapted) {
            long own = width.applyAsLong(layer);
            parts.put(
                    layer.name(),
                    whole.narrow(0, from, rank * own).view(rank, own).retainReference());
            from += rank * own;
        }
        return whole;
    }

    int rank() {
        return rank;
    }

    boolean has(Linear layer) {
        return down.containsKey(layer.name());
    }

    /** {@code [ranks, in]} */
    Tensor down(Linear layer, AdapterPool.Ranks ranks) {
        return own(down, layer, ranks);
    }

    /** {@code [ranks, out]} */
    Tensor up(Linear layer, AdapterPool.Ranks ranks) {
        return own(up, layer, ranks);
    }

    private static Tensor own(Map<String, Tensor> parts, Linear layer, AdapterPool.Ranks ranks) {
        return Objects.requireNonNull(parts.get(layer.name())).narrow(0, ranks.from(), ranks.count());
    }

    void write(LoraAdapter adapter, AdapterPool.Ranks ranks) {
        for (Linear layer : adapted) {
            try (PointerScope scope = new PointerScope()) {
                if (adapter.settings().adapts(layer.name())) {
                    down(layer, ranks).copy_(adapter.parameters().get(LoraAdapter.a(layer.name())));
                    up(layer, ranks)
                            .copy_(adapter.parameters()
                                    .get(LoraAdapter.b(layer.name()))
                                    .mul(new Scalar(adapter.settings().scale()))
                                    .t());
                } else {
                    up(layer, ranks).zero_();
                }
            }
        }
    }

    /** Takes over what some ranks of another hold, whose layers are all here. */
    void copy(PooledLayers other, AdapterPool.Ranks from, AdapterPool.Ranks to) {
        for (Linear layer : other.adapted) {
            try (PointerScope scope = new PointerScope()) {
                down(layer, to).copy_(other.down(layer, from));
                up(layer, to).copy_(other.up(layer, from));
            }
        }
    }

    @Override
    public void close() {
        down.values().forEach(Tensor::close);
        up.values().forEach(Tensor::close);
        downs.close();
        ups.close();
    }
}
