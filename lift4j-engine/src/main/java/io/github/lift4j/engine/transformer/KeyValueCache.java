package io.github.lift4j.engine.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Keys and values of the tokens a model has read, so that the next ones need not read them again. It grows as needed;
 * {@link #truncate} goes back to a shorter prefix, which is how one long document serves many questions.
 *
 * <p>Belongs to one thread at a time and owns its native memory: close it.
 */
public final class KeyValueCache implements AutoCloseable {

    private static final long GRANULE = 256;

    private final List<Layer> layers;
    private long length;

    /** An empty cache for a model of so many layers. */
    public KeyValueCache(int layers) {
        this.layers = new ArrayList<>(layers);
        for (int i = 0; i < layers; i++) {
            this.layers.add(new Layer());
        }
    }

    /** How many tokens have been read. */
    public long length() {
        return length;
    }

    /** Forgets all tokens from position {@code length} on. */
    public void truncate(long length) {
        if (length < 0 || length > this.length) {
            throw new IllegalArgumentException("cannot truncate " + this.length + " tokens to " + length);
        }
        this.length = length;
    }

    Layer layer(int index) {
        return layers.get(index);
    }

    void advance(long tokens) {
        length += tokens;
    }

    @Override
    public void close() {
        layers.forEach(Layer::close);
        length = 0;
    }

    /** One layer's keys and values, each {@code [batch, keyValueHeads, capacity, headWidth]}. */
    final class Layer {
        private Optional<Tensor> keys = Optional.empty();
        private Optional<Tensor> values = Optional.empty();

        /** Appends and returns all keys, {@code [batch, keyValueHeads, length + time, headWidth]}. */
        Tensor appendKeys(Tensor fresh) {
            keys = Optional.of(append(keys, fresh));
            return keys.get().narrow(2, 0, length + fresh.size(2));
        }

        /** Appends and returns all values, shaped as the keys. */
        Tensor appendValues(Tensor fresh) {
            values = Optional.of(append(values, fresh));
            return values.get().narrow(2, 0, length + fresh.size(2));
        }

        private Tensor append(Optional<Tensor> store, Tensor fresh) {
            long needed = length + fresh.size(2);
            Tensor room = store.filter(s -> s.size(2) >= needed).orElseGet(() -> grow(store, fresh, needed));
            room.narrow(2, length, fresh.size(2)).copy_(fresh);
            return room;
        }

        private Tensor grow(Optional<Tensor> store, Tensor like, long needed) {
            long capacity = (Math.max(needed, needed + needed / 4) + GRANULE - 1) / GRANULE * GRANULE;
            try (PointerScope scope = new PointerScope()) {
                Tensor larger = torch.empty(
                        new long[] {like.size(0), like.size(1), capacity, like.size(3)}, like.options(), null);
                store.ifPresent(s -> larger.narrow(2, 0, length).copy_(s.narrow(2, 0, length)));
                store.ifPresent(Tensor::close);
                return larger.retainReference();
            }
        }

        private void close() {
            keys.ifPresent(Tensor::close);
            values.ifPresent(Tensor::close);
            keys = Optional.empty();
            values = Optional.empty();
        }
    }
}
