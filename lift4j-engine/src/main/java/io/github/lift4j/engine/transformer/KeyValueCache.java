package io.github.lift4j.engine.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** Columns by which a branch grows, and from which on it drops what no row needs any more. */
    private static final long BRANCH_GRANULE = 64;

    /**
     * Where a pass that can be recorded finds what changes from token to token.
     *
     * @param column in which the token's keys and values are kept, {@code [1]}, int64: the cache's length
     * @param padding how many tokens at the start of each row are none, {@code [rows]}, int64
     */
    public record Place(Tensor column, Tensor padding) {}

    private final List<Layer> layers;
    private final Optional<KeyValueCache> prefix;
    private int[] padding;
    private long length;
    private long moves;

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

    /** How many tokens at the start of each row of a branch are none, {@code [rows]}. */
    public int[] padding() {
        return padding.clone();
    }

    /** Rows that there is room for, those included that were dropped; 0 where nothing was read. */
    public long rows() {
        return layers.getFirst().keys.map(k -> k.size(0)).orElse(0L);
    }

    /** Tokens of each row that there is room for. */
    public long columns() {
        return layers.getFirst().keys.map(k -> k.size(2)).orElse(0L);
    }

    /** How often keys and values have moved to other memory. */
    public long moves() {
        return moves;
    }

    /**
     * Drops all rows of a branch but these. The last of them move into the places of those that are dropped, so that no
     * other is copied.
     *
     * @param rows ascending
     * @return the kept rows in the order in which they stand now
     */
    public int[] keepRows(int[] rows) {
        int[] order = closed(rows);
        for (int place = 0; place < order.length; place++) {
            if (order[place] != place) {
                int from = order[place];
                int to = place;
                layers.forEach(layer -> layer.move(from, to));
            }
        }
        padding = Arrays.stream(order).map(row -> padding[row]).toArray();
        return order;
    }

    private static int[] closed(int[] rows) {
        int[] order = new int[rows.length];
        int staying = 0;
        int moving = rows.length - 1;
        for (int place = 0; place < order.length; place++) {
            order[place] = rows[staying] == place ? rows[staying++] : rows[moving--];
        }
        return order;
    }

    /**
     * Takes over the rows of another branch, behind its own: one of the same prefix, or of any where its own is empty; the rows
     * then have a copy of that. All rows end together: the shorter are padded in front, and what is padding in all is dropped
     * where that is worth a copy.
     *
     * @param other is left as it is
     */
    public void join(KeyValueCache other) {
        long copied = other.prefix.equals(prefix) ? 0 : other.prefixLength();
        if (copied > 0 && prefixLength() > 0) {
            throw new IllegalStateException("rows behind one prefix cannot join those behind another");
        }
        long past = padding.length == 0 ? 0 : length;
        long longest = Math.max(past - Arrays.stream(padding).min().orElse(0), copied + other.length);
        long shift = longest >= past || past - longest >= BRANCH_GRANULE ? longest - past : 0;
        int rows = padding.length;
        for (int i = 0; i < layers.size(); i++) {
            layers.get(i).join(other.layers.get(i), rows, other.padding, past, shift, other.length);
            if (copied > 0) {
                layers.get(i).copyPrefix(other.layers.get(i), rows, other.padding, past + shift - other.length);
            }
        }
        length = past + shift;
        long before = length - copied - other.length;
        padding = IntStream.concat(
                        Arrays.stream(padding).map(none -> Math.toIntExact(none + shift)),
                        Arrays.stream(other.padding).map(none -> Math.toIntExact(none + before)))
                .toArray();
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

    /** Says that the next tokens of all rows have been read. */
    public void advance(long tokens) {
        length += tokens;
    }

    @Override
    public void close() {
        layers.forEach(Layer::close);
        length = 0;
    }

    /**
     * One layer's keys and values, each {@code [batch, keyValueHeads, capacity, headWidth]}; in a branch that others joined
     * there may be room for more rows, too.
     */
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

        /** All keys that there is room for, {@code [rows, keyValueHeads, columns, headWidth]}. */
        Tensor storedKeys() {
            return keys.orElseThrow();
        }

        /** The values of {@link #storedKeys}. */
        Tensor storedValues() {
            return values.orElseThrow();
        }

        private void move(int from, int to) {
            try (PointerScope scope = new PointerScope()) {
                for (Optional<Tensor> store : List.of(keys, values)) {
                    store.ifPresent(s -> s.select(0, to)
                            .narrow(1, 0, length)
                            .copy_(s.select(0, from).narrow(1, 0, length)));
                }
            }
        }

        private void join(Layer other, int rows, int[] padding, long past, long shift, long fresh) {
            int more = padding.length;
            keys = Optional.of(joined(keys, other.keys.orElseThrow(), rows, more, past, shift, fresh));
            values = Optional.of(joined(values, other.values.orElseThrow(), rows, more, past, shift, fresh));
        }

        /**
         * Lays another's prefix before what its rows have of their own.
         *
         * @param from the first row that it is laid into
         * @param padding of these rows, in whose place it comes to lie
         * @param column where what they have of their own begins, padding included
         */
        private void copyPrefix(Layer other, int from, int[] padding, long column) {
            try (PointerScope scope = new PointerScope()) {
                Tensor prefixKeys = other.prefixKeys().orElseThrow().select(0, 0);
                Tensor prefixValues = other.prefixValues().orElseThrow().select(0, 0);
                long tokens = prefixKeys.size(1);
                for (int i = 0; i < padding.length; i++) {
                    long begin = column + padding[i] - tokens;
                    storedKeys().select(0, from + i).narrow(1, begin, tokens).copy_(prefixKeys);
                    storedValues().select(0, from + i).narrow(1, begin, tokens).copy_(prefixValues);
                }
            }
        }

        /** The store, or a larger one, with more rows of {@code fresh} tokens behind those of {@code past + shift}. */
        private Tensor joined(
                Optional<Tensor> store, Tensor others, int rows, int more, long past, long shift, long fresh) {
            try (PointerScope scope = new PointerScope()) {
                long columns = past + shift;
                Tensor room = store.filter(s -> shift == 0 && s.size(0) >= rows + more && s.size(2) >= columns)
                        .orElseGet(() -> moved(store, others, rows, rows + more, past, shift));
                Tensor added = room.narrow(0, rows, more);
                // Nobody looks at padding, but what is no number would spread from there all the same.
                added.narrow(2, 0, columns - fresh).zero_();
                added.narrow(2, columns - fresh, fresh)
                        .copy_(others.narrow(0, 0, more).narrow(2, 0, fresh));
                return room;
            }
        }

        private Tensor moved(Optional<Tensor> store, Tensor like, int rows, int needed, long past, long shift) {
            long capacity = store.map(s -> s.size(0)).filter(r -> r >= needed).orElse(needed + needed / 4L);
            moves++;
            Tensor larger =
                    room(capacity, branchColumns(past + shift, like), like).retainReference();
            if (rows > 0) {
                Tensor own = larger.narrow(0, 0, rows);
                long lost = Math.max(-shift, 0);
                own.narrow(2, 0, Math.max(shift, 0)).zero_();
                own.narrow(2, Math.max(shift, 0), past - lost)
                        .copy_(store.orElseThrow().narrow(0, 0, rows).narrow(2, lost, past - lost));
            }
            store.ifPresent(Tensor::close);
            return larger;
        }

        /** A GPU is given more at once, because a step is recorded anew where keys have moved. */
        private static long branchColumns(long needed, Tensor like) {
            return rounded(needed + BRANCH_GRANULE / 2, like.is_cuda() ? GRANULE : BRANCH_GRANULE);
        }

        /** A pass that can be recorded attends to all of it, and what is no number would spread though it is masked. */
        private static Tensor room(long rows, long columns, Tensor like) {
            return torch.zeros(new long[] {rows, like.size(1), columns, like.size(3)}, like.options());
        }

        private static long rounded(long tokens, long granule) {
            return (tokens + granule - 1) / granule * granule;
        }

        /**
         * Appends and returns all keys, {@code [batch, keyValueHeads, length + time, headWidth]}.
         *
         * @param column where a pass that can be recorded keeps them; what is returned then has all columns and rows
         */
        Tensor appendKeys(Tensor fresh, Optional<Tensor> column) {
            keys = Optional.of(append(keys, fresh, column));
            return column.isPresent() ? keys.get() : filled(keys.get(), fresh);
        }

        /** Appends and returns all values, shaped as the keys. */
        Tensor appendValues(Tensor fresh, Optional<Tensor> column) {
            values = Optional.of(append(values, fresh, column));
            return column.isPresent() ? values.get() : filled(values.get(), fresh);
        }

        private Tensor filled(Tensor store, Tensor fresh) {
            return store.narrow(0, 0, fresh.size(0)).narrow(2, 0, length + fresh.size(2));
        }

        private Tensor append(Optional<Tensor> store, Tensor fresh, Optional<Tensor> column) {
            if (column.isPresent()) {
                store.orElseThrow().index_copy_(2, column.get(), fresh);
                return store.get();
            }
            long needed = length + fresh.size(2);
            Tensor room = store.filter(s -> s.size(2) >= needed).orElseGet(() -> grow(store, fresh, needed));
            room.narrow(0, 0, fresh.size(0)).narrow(2, length, fresh.size(2)).copy_(fresh);
            return room;
        }

        private Tensor grow(Optional<Tensor> store, Tensor like, long needed) {
            // Many rows are moved on rather than given a room that most of them never fill.
            long capacity = prefix.isPresent() ? branchColumns(needed, like) : rounded(needed + needed / 4, GRANULE);
            long rows = store.map(s -> s.size(0)).orElse(like.size(0));
            moves++;
            try (PointerScope scope = new PointerScope()) {
                Tensor larger = room(rows, capacity, like);
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
