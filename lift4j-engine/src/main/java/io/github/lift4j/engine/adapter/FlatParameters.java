package io.github.lift4j.engine.adapter;

import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Named trainable tensors that lie one after another in one float32 buffer, and their gradients in another, so that an
 * optimiser step is a few operations over everything instead of a few for each. Owns both buffers: close it.
 */
public final class FlatParameters implements AutoCloseable {

    private final Tensor values;
    private final Tensor gradients;
    private final SequencedMap<String, Tensor> leaves = new LinkedHashMap<>();

    /** Zeroed parameters of the given shapes. */
    FlatParameters(SequencedMap<String, long[]> shapes, ComputeDevice device) {
        long total =
                shapes.values().stream().mapToLong(FlatParameters::elements).sum();
        try (PointerScope scope = new PointerScope()) {
            TensorOptions options = new TensorOptions(device.handle());
            values = torch.zeros(new long[] {total}, options).retainReference();
            gradients = torch.zeros(new long[] {total}, options).retainReference();
            long offset = 0;
            for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
                long length = elements(entry.getValue());
                Tensor leaf =
                        values.narrow(0, offset, length).view(entry.getValue()).detach();
                leaf.set_requires_grad(true);
                leaf.mutable_grad().put(gradients.narrow(0, offset, length).view(entry.getValue()));
                leaves.put(entry.getKey(), leaf.retainReference());
                offset += length;
            }
        }
    }

    private FlatParameters(FlatParameters trained, ComputeType type) {
        try (PointerScope scope = new PointerScope();
                AutoGradMode off = new AutoGradMode(false)) {
            values = trained.values.to(type.scalarType()).clone().retainReference();
            gradients = torch.empty(0).retainReference();
            long offset = 0;
            for (Map.Entry<String, Tensor> entry : trained.leaves.entrySet()) {
                long[] shape = entry.getValue().sizes().vec().get();
                Tensor view = values.narrow(0, offset, elements(shape)).view(shape);
                leaves.put(entry.getKey(), view.retainReference());
                offset += elements(shape);
            }
        }
    }

    /** A copy in the compute type that cannot be trained, so that no pass has to cast it. */
    FlatParameters frozen(ComputeType type) {
        return new FlatParameters(this, type);
    }

    /** How many numbers are trained. */
    public long count() {
        return values.numel();
    }

    /** All values, {@code [total]}, float32. */
    public Tensor values() {
        return values;
    }

    /** All gradients, {@code [total]}, float32; backward passes add to it. */
    public Tensor gradients() {
        return gradients;
    }

    /** The parameter of that name, a view into {@link #values}. */
    public Tensor get(String name) {
        Tensor leaf = leaves.get(name);
        if (leaf == null) {
            throw new IllegalArgumentException("no trainable parameter " + name);
        }
        return leaf;
    }

    /** The gradient of the parameter of that name, a view into {@link #gradients}. */
    Tensor gradient(String name) {
        return get(name).grad();
    }

    /** The part of {@code all [total]} that is the parameter of that name. */
    public Tensor part(Tensor all, String name) {
        Tensor leaf = get(name);
        return all.narrow(0, leaf.storage_offset(), leaf.numel()).view_as(leaf);
    }

    /** Names in buffer order. */
    public Iterable<String> names() {
        return leaves.sequencedKeySet();
    }

    boolean contains(String name) {
        return leaves.containsKey(name);
    }

    private static long elements(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    @Override
    public void close() {
        leaves.values().forEach(Tensor::close);
        values.close();
        gradients.close();
    }
}
