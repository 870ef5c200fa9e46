package io.github.lift4j.engine.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Keys and values of the tokens a model has read, so that the next ones need not read them again. It grows as needed;
 * {@link #truncate} goes back to a shorter prefix, which is how one long document serves many questions.
 * {@link #branch} lets many texts go on from it side by side, without a copy of it for each.
 *
 * <p>Belongs to one thread at a time and owns its native memory: close it, a branch before what it branched from.
 */
public final class KeyValueCache implements AutoCloseable {

    private static final long GRANULE = 256;

    private final List<Layer> layers;
    private final Optional<KeyValueCache> prefix;
    private int[] padding;
    private long length;

    /** An empty cache for a model of so many layers. */
    public KeyValueCache(int layers) {
        this(layers, Optional.empty(), new int[0]);
    }

    private KeyValueCache(int layers, Optional<KeyValueCache> prefix, int[] padding) {
        this.layers = new ArrayList<>(layers);
        this.prefix = prefix;
        this.padding = padding;
        for (int i = 0; i < layers; i++) {
            this.layers.add(new Layer(i));
        }
    }

    /**
     * An empty cache of rows that go on from what this one holds, which must stay as it is meanwhile.
     *
     * @param padding {@code [rows]}: how many tokens at the start of each row are none, so that all rows end together
     */
    public KeyValueCache branch(int[] padding) {
        if (prefix.isPresent()) {
            throw new IllegalStateException("a branch does not branch again");
        }
        return new KeyValueCache(layers.size(), Optional.of(this), padding.clone());
    }

    /** How many tokens have been read, those of a prefix not counted. */
    public long length() {
        return length;
    }

    /** Tokens of the prefix that this branches from, 0 where there is none. */
    long prefixLength() {
        return prefix.map(KeyValueCache::length).orElse(0L);
    }

    /** Whether its rows go on from a shared prefix, be it empty. */
    boolean branches() {
        return prefix.isPresent();
    }

    /** How many tokens at the start of each row are none, {@code [rows]}. */
    int[] padding() {
        return padding;
    }

    /** Drops all rows of a branch but these, in this order. */
    public void keepRows(int[] rows) {
        padding = Arrays.stream(rows).map(row -> padding[row]).toArray();
        layers.forEach(layer -> layer.keepRows(rows));
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
        private final int index;
        private Optional<Tensor> keys = Optional.empty();
        private Optional<Tensor> values = Optional.empty();

        private Layer(int index) {
            this.index = index;
        }

        /** The prefix's keys, {@code [1, keyValueHeads, prefix, headWidth]}; empty where it has no tokens. */
        Optional<Tensor> prefixKeys() {
            return prefix.filter(p -> p.length > 0)
                    .map(p -> p.layer(index).keys.orElseThrow().narrow(2, 0, p.length));
        }

        /** The prefix's values, shaped as its keys. */
        Optional<Tensor> prefixValues() {
            return prefix.filter(p -> p.length > 0)
                    .map(p -> p.layer(index).values.orElseThrow().narrow(2, 0, p.length));
        }

        private void keepRows(int[] rows) {
            keys = keys.map(k -> selected(k, rows));
            values = values.map(v -> selected(v, rows));
        }

        private static Tensor selected(Tensor store, int[] rows) {
            try (PointerScope scope = new PointerScope();
                    store) {
                Tensor index = torch.tensor(rows).to(store.device(), torch.ScalarType.Long);
                return store.index_select(0, index).retainReference();
            }
        }

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
