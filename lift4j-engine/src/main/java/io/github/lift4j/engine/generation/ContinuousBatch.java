package io.github.lift4j.engine.generation;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.NativeScope;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.engine.transformer.KeyValueCache;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.engine.transformer.RowAdaptation;
import io.github.lift4j.engine.transformer.Transformer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Texts that are written side by side and come and go (continuous batching, Yu et al. 2022, "Orca", section 3.1): each step
 * reads a piece of what newcomers begin with and writes one token of every text, so a processor or GPU reads each weight once
 * for all. They go on from one window ({@link Context#batch}), which is neither read nor kept twice, or from several, each adapted
 * in its own way ({@link #mixed}); as long as there are several, each text has a copy of what is in its window. What a text says
 * does not depend on those beside it, but for the rounding of sums.
 *
 * <p>Belongs to one thread at a time and owns native memory: close it before its context. After an exception from
 * {@link #step} it can only be closed.
 */
public final class ContinuousBatch implements AutoCloseable {

    /** Newcomers' tokens that one step reads: few enough that the others are not kept waiting for long. */
    private static final int CHUNK = 256;

    private static final int GPU_CHUNK = 4096;

    /** Bytes that keys and values may take. */
    private static final long PROCESSOR_BYTES = 2L << 30;

    private static final long GPU_BYTES = 8L << 30;

    /**
     * A text to be written.
     *
     * @param suffix what it begins with behind the window, at least one token
     * @param sampling its draws are its own: they depend on its seed alone
     * @param limit longest text in tokens, at least 1
     * @param likeliest how many of the likeliest tokens are told of each position beside the one that was chosen, not
     *     negative; where it is empty, nothing is told of what was likely
     */
    public record Text(int[] suffix, Sampling sampling, int limit, OptionalInt likeliest, Sink sink) {

        /** A text of whose odds nothing is told. */
        public Text(int[] suffix, Sampling sampling, int limit, IntPredicate sink) {
            this(suffix, sampling, limit, OptionalInt.empty(), (id, odds) -> sink.test(id));
        }

        /** Tokens that it may have in the end, what it begins with included. */
        private int longest() {
            return suffix.length + limit;
        }
    }

    /** Hears a text. */
    @FunctionalInterface
    public interface Sink {

        /**
         * A token was chosen, but no stop id; may not throw.
         *
         * @param odds where they were asked for
         * @return whether to go on
         */
        boolean hear(int id, Optional<TokenOdds> odds);
    }

    /**
     * Where a text goes on from.
     *
     * @param prefix the window's tokens, by which their adaptation changes the model, and their ids
     */
    record Start(Adaptation adaptation, KeyValueCache prefix, Supplier<int[]> ids) {}

    /** A text and where it goes on from. */
    private record Entry(Text text, Start start) {

        /** Tokens that a row of its own may have in the end. */
        int longest(Start usual) {
            return text.longest() + (start == usual ? 0 : Math.toIntExact(start.prefix.length()));
        }
    }

    private final Transformer model;
    private final RowAdaptation adaptation;
    private final Start usual;
    private final Set<Integer> stops;
    /** What all rows go on from; where that differs, nothing, and each row has a copy of its own. */
    private Start shared;

    private KeyValueCache cache;
    private NextTokens tokens;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private Optional<Reading> reading = Optional.empty();
    private List<Member> rows = List.of();
    /** Behind the newest token of each row, {@code [rows, vocabulary]}; empty where there are none. */
    private Optional<Tensor> logits = Optional.empty();

    private ContinuousBatch(Transformer model, RowAdaptation adaptation, Start usual, Set<Integer> stops) {
        this.model = model;
        this.adaptation = adaptation;
        this.usual = usual;
        this.shared = usual;
        this.stops = stops;
        this.cache = usual.prefix.branch(new int[0]);
        this.tokens = NextTokens.of(model, adaptation, cache);
    }

    /** Texts that all go on from one window. */
    static ContinuousBatch behind(Transformer model, Start window, Set<Integer> stops) {
        return new ContinuousBatch(model, RowAdaptation.alike(window.adaptation), window, stops);
    }

    /**
     * Texts that go on from windows of their own.
     *
     * @param adaptation can be what those windows' are; closed with the batch
     * @param stops ids after which a text ends
     */
    public static ContinuousBatch mixed(Transformer model, RowAdaptation adaptation, Set<Integer> stops) {
        KeyValueCache nothing = new KeyValueCache(model.config().layers());
        return new ContinuousBatch(model, adaptation, new Start(Adaptation.NONE, nothing, () -> new int[0]), stops);
    }

    /** How many texts are under way. */
    public int size() {
        return Math.toIntExact(entries().count());
    }

    /** Whether there is memory for another text so long, what it begins with included; always where none is under way. */
    public boolean hasRoom(int tokens) {
        ModelConfig config = model.config();
        long element = model.type().scalarType() == torch.ScalarType.Float ? 4 : 2;
        long bytes = 2 * element * config.layers() * config.keyValueHeads() * config.headWidth();
        int longest = entries().mapToInt(entry -> entry.longest(usual)).max().orElse(0);
        long budget = model.device() instanceof ComputeDevice.Cpu ? PROCESSOR_BYTES : GPU_BYTES;
        return longest == 0 || bytes * (size() + 1) * Math.max(tokens, longest) <= budget;
    }

    private Stream<Entry> entries() {
        return Stream.of(
                        waiting.stream(),
                        reading.stream().flatMap(r -> r.entries.stream()),
                        rows.stream().map(row -> row.entry))
                .flatMap(s -> s);
    }

    /**
     * Has another text written, from the next steps on. It goes on from the window that all share, or in a {@linkplain #mixed
     * mixed} batch from nothing, by the base.
     *
     * @throws LiftException where what it begins with does not fit in the model's window
     */
    public void join(Text text) {
        join(text, usual);
    }

    /**
     * The same in a mixed batch for a text that goes on from a window, adapted as that is. The window must stay as it is until
     * the text has ended.
     *
     * @throws LiftException where what it begins with does not fit in the model's window
     */
    public void join(Text text, Context from) {
        join(text, from.start());
    }

    private void join(Text text, Start start) {
        long needed = start.prefix.length() + text.suffix.length;
        if (needed > model.config().window()) {
            throw new LiftException("The prompt needs " + needed + " tokens but the model's window has "
                    + model.config().window() + ": shorten the question, or give it less of the document.");
        }
        waiting.add(new Entry(text, start));
    }

    /**
     * Writes one token of each text, and reads some of what newcomers begin with.
     *
     * @return the texts that ended: by a stop id, their limit, their sink, or the end of the window
     * @throws CancellationException where the thread was interrupted
     */
    public List<Text> step() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while writing tokens");
        }
        try (AutoGradMode off = new AutoGradMode(false)) {
            read();
            if (rows.isEmpty()) {
                return List.of();
            }
            int[] next = choose(logits.orElseThrow());
            List<Text> ended =
                    rows.stream().filter(row -> row.ended).map(row -> row.text).toList();
            next = dropEnded(next);
            if (rows.isEmpty()) {
                keep(Optional.empty());
            } else {
                adaptation.assign(
                        rows.stream().map(row -> row.entry.start.adaptation).toList(), cache.rows());
                keep(Optional.of(tokens.logits(next)));
            }
            return ended;
        }
    }

    /** Those that go on from different windows are read one after the other, as long as that is no more than a piece. */
    private void read() {
        int left = chunk();
        while (2 * left > chunk() && (reading.isPresent() || !waiting.isEmpty())) {
            Reading newcomers = reading.orElseGet(() -> new Reading(together()));
            reading = Optional.of(newcomers);
            left -= newcomers.read();
            if (newcomers.done == newcomers.width) {
                arrive(newcomers);
                reading = Optional.empty();
            }
        }
    }

    private void arrive(Reading newcomers) {
        share(newcomers.start);
        cache.join(newcomers.cache);
        Tensor fresh = newcomers.logits.orElseThrow();
        keep(Optional.of(NativeScope.keeping(() ->
                logits.map(old -> torch.cat(new TensorVector(old, fresh), 0)).orElseGet(fresh::clone))));
        rows = Stream.concat(rows.stream(), newcomers.entries.stream().map(Member::new))
                .toList();
        newcomers.close();
    }

    /** Makes the rows go on from where newcomers do, where there are none yet; else gives each a copy, where that differs. */
    private void share(Start start) {
        Start next = rows.isEmpty() ? start : usual;
        if (start != shared && next != shared) {
            KeyValueCache moved = next.prefix.branch(new int[0]);
            if (!rows.isEmpty()) {
                moved.join(cache);
            }
            tokens.close();
            cache.close();
            cache = moved;
            tokens = NextTokens.of(model, adaptation, cache);
            shared = next;
        }
    }

    /** The first of those that wait, and as many behind it as go on from where it does and are read with it at once. */
    private List<Entry> together() {
        List<Entry> entries = new ArrayList<>(List.of(waiting.removeFirst()));
        Start start = entries.getFirst().start;
        int width = entries.getFirst().text.suffix.length;
        for (Iterator<Entry> each = waiting.iterator(); each.hasNext(); ) {
            Entry next = each.next();
            if (next.start == start) {
                width = Math.max(width, next.text.suffix.length);
                if (width * (entries.size() + 1) > chunk()) {
                    break;
                }
                each.remove();
                entries.add(next);
            }
        }
        return entries;
    }

    private int chunk() {
        return model.device() instanceof ComputeDevice.Cpu ? CHUNK : GPU_CHUNK;
    }

    /** Has each row take its next token. */
    private int[] choose(Tensor logits) {
        int[] next = new Sampler(Sampling.GREEDY, Collections.nCopies(rows.size(), 0L)).next(logits, List::of);
        for (int i = 0; i < next.length; i++) {
            Member row = rows.get(i);
            if (!row.likeliest()) {
                Tensor own = logits.narrow(0, i, 1);
                next[i] = row.sampler.next(own, () -> List.of(row.seen()))[0];
                own.close();
            }
        }
        List<Optional<TokenOdds>> odds = odds(logits, next);
        for (int i = 0; i < next.length; i++) {
            rows.get(i).take(next[i], odds.get(i), stops, model.config().window());
        }
        return next;
    }

    /** For each row that wants to know; the others cost nothing. */
    private List<Optional<TokenOdds>> odds(Tensor logits, int[] chosen) {
        List<Optional<TokenOdds>> odds = new ArrayList<>(Collections.nCopies(chosen.length, Optional.empty()));
        int[] asking = IntStream.range(0, chosen.length)
                .filter(i -> rows.get(i).text.likeliest.isPresent())
                .toArray();
        if (asking.length > 0) {
            List<TokenOdds> told = TokenOdds.of(
                    logits,
                    asking,
                    IntStream.of(asking).map(i -> chosen[i]).toArray(),
                    IntStream.of(asking)
                            .map(i -> rows.get(i).text.likeliest.getAsInt())
                            .toArray());
            for (int i = 0; i < asking.length; i++) {
                odds.set(asking[i], Optional.of(told.get(i)));
            }
        }
        return odds;
    }

    private int[] dropEnded(int[] next) {
        int[] writing =
                IntStream.range(0, next.length).filter(i -> !rows.get(i).ended).toArray();
        if (writing.length == next.length) {
            return next;
        }
        int[] order = cache.keepRows(writing);
        List<Member> before = rows;
        rows = IntStream.of(order).mapToObj(before::get).toList();
        return IntStream.of(order).map(i -> next[i]).toArray();
    }

    private void keep(Optional<Tensor> newest) {
        logits.ifPresent(Tensor::close);
        logits = newest;
    }

    @Override
    public void close() {
        keep(Optional.empty());
        reading.ifPresent(Reading::close);
        tokens.close();
        cache.close();
        adaptation.close();
    }

    /** Newcomers whose beginnings are being read, padded in front so that all end together. */
    private final class Reading implements AutoCloseable {

        private final List<Entry> entries;
        private final int width;
        private final Start start;
        private final KeyValueCache cache;
        private Optional<Tensor> logits = Optional.empty();
        private int done;

        Reading(List<Entry> entries) {
            this.entries = entries;
            this.width =
                    entries.stream().mapToInt(e -> e.text.suffix.length).max().orElseThrow();
            this.start = entries.getFirst().start;
            this.cache = start.prefix.branch(
                    entries.stream().mapToInt(e -> width - e.text.suffix.length).toArray());
        }

        /** Reads another piece. @return how many tokens that was */
        int read() {
            int columns = Math.min(width - done, chunk());
            int[] ids = entries.stream()
                    .flatMapToInt(e -> IntStream.range(done, done + columns)
                            .map(column -> column - (width - e.text.suffix.length))
                            .map(at -> at < 0 ? 0 : e.text.suffix[at]))
                    .toArray();
            logits.ifPresent(Tensor::close);
            logits = Optional.of(NativeScope.keeping(() -> {
                Tensor hidden = model.hidden(model.ids(ids, columns), cache, start.adaptation);
                return model.nextLogits(hidden.select(1, columns - 1), start.adaptation);
            }));
            done += columns;
            return ids.length;
        }

        @Override
        public void close() {
            logits.ifPresent(Tensor::close);
            cache.close();
        }
    }

    /** A text that is being written. */
    private static final class Member {

        private final Entry entry;
        private final Text text;
        private final Sampler sampler;
        private int[] written = {};
        private int length;
        private boolean ended;

        Member(Entry entry) {
            this.entry = entry;
            this.text = entry.text;
            this.sampler = new Sampler(text.sampling, List.of(text.sampling.seed()));
        }

        boolean likeliest() {
            return text.sampling.temperature() == 0 && text.sampling.repetitionPenalty() == 1;
        }

        int[] seen() {
            int[] own = IntStream.of(written).limit(length).toArray();
            return Continuations.joined(Continuations.joined(entry.start.ids.get(), text.suffix), own);
        }

        void take(int id, Optional<TokenOdds> odds, Set<Integer> stops, int window) {
            if (stops.contains(id)) {
                ended = true;
                return;
            }
            if (!likeliest()) {
                written = length < written.length ? written : Arrays.copyOf(written, length * 2 + 16);
                written[length] = id;
            }
            length++;
            long full = window - entry.start.prefix.length() - text.suffix.length;
            ended = !text.sink.hear(id, odds) || length >= text.limit || length > full;
        }
    }
}
