package io.github.lift4j.server.answer;

import io.github.lift4j.engine.adapter.AdapterPool;
import io.github.lift4j.engine.adapter.PooledAdapter;
import io.github.lift4j.engine.generation.ContinuousBatch;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.memory.Memory;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Questions to whatever voices answer {@linkplain Voice#inCompany in company}, in one batch: each is written by the weights of
 * the memory it is put to. Memories are loaded beside the batch, and those asked last stay.
 */
final class ManyVoices implements Company, AutoCloseable {

    /** Memories that are loaded at most: those asked, and idle ones in the room that is left. */
    private static final int MEMORIES = 8;

    /** Who is asked for whom. */
    private record Seat(String owner, Voice<?> voice) {

        static Seat of(Question<?> question) {
            return new Seat(question.ask().owner(), question.ask().voice());
        }

        Optional<Learned> learned() {
            return voice.learned().map(memory -> new Learned(owner, memory));
        }
    }

    private record Learned(String owner, Path memory) {}

    private final LanguageModel model;
    private final int idle;
    private final ExecutorService loader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("memories").factory());
    /** Fair: who lets go of a memory shall not wait for the last of all answers. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private final Shelf<Learned, PooledAdapter> adapters = new Shelf<>(loader, PooledAdapter::close);
    /** They use the adapters of what their seats learned. */
    private final Shelf<Seat, Writer<?>> writers = new Shelf<>(loader, Writer::close);

    private final Map<ContinuousBatch.Text, Seat> taken = new IdentityHashMap<>();
    /** Of the question that waits. */
    private Optional<Seat> next = Optional.empty();

    private AdapterPool pool;
    private ContinuousBatch batch;
    private volatile int idleVoices;

    /** @param idle voices that stay loaded while nobody asks them */
    ManyVoices(LanguageModel model, int idle) {
        this.model = model;
        this.idle = idle;
        this.pool = new AdapterPool(model.transformer());
        this.batch = batch();
    }

    private ContinuousBatch batch() {
        return ContinuousBatch.mixed(
                model.transformer(), pool.rows(), model.tokenizer().stopIds());
    }

    @Override
    public Optional<ContinuousBatch.Text> admit(Question<?> question) {
        return locked(() -> {
            Seat seat = Seat.of(question);
            next = Optional.of(seat);
            tidy();
            return hasRoom(seat) ? admitted(question, seat) : Optional.empty();
        });
    }

    private boolean hasRoom(Seat seat) {
        Set<Learned> asked = learned(taken.values().stream());
        return asked.size() < MEMORIES || seat.learned().map(asked::contains).orElse(true);
    }

    private <P> Optional<ContinuousBatch.Text> admitted(Question<P> question, Seat seat) {
        Ask<P> ask = question.ask();
        Optional<Adaptation> weights = weights(seat);
        Optional<Writer<P>> writer = weights.flatMap(attached -> writer(seat, ask.voice(), attached));
        return writer.flatMap(speaks -> speaks.prepare(ask.prompt(), ask.most())
                .filter(ready -> batch.hasRoom(ready.promptTokens() + ask.most()))
                .map(ready -> {
                    ContinuousBatch.Text text = question.text(ready);
                    batch.join(text, speaks.context());
                    taken.put(text, seat);
                    next = Optional.empty();
                    return text;
                }));
    }

    /** By which a seat's voice answers; empty where they are not there yet. */
    private Optional<Adaptation> weights(Seat seat) {
        if (seat.learned().isEmpty()) {
            return Optional.of(Adaptation.NONE);
        }
        Learned learned = seat.learned().get();
        Optional<PooledAdapter> adapter =
                adapters.find(learned, () -> Memory.open(learned.memory).attachBesideOthers(model), patient());
        adapter.ifPresent(pool::add);
        return adapter.map(found -> found);
    }

    @SuppressWarnings("unchecked") // equal voices are of one type, and so are their writers
    private <P> Optional<Writer<P>> writer(Seat seat, Voice<P> voice, Adaptation weights) {
        return writers.find(seat, () -> voice.open(model, weights), patient()).map(found -> (Writer<P>) found);
    }

    /** Whether what is loaded is waited for: nobody is kept waiting by that. */
    private boolean patient() {
        return batch.size() == 0;
    }

    @Override
    public List<ContinuousBatch.Text> step() {
        return locked(() -> {
            try {
                List<ContinuousBatch.Text> ended = batch.step();
                ended.forEach(taken::remove);
                tidy();
                return ended;
            } catch (RuntimeException | Error e) {
                // Whether any of it can still be used is not known.
                letGo();
                pool = new AdapterPool(model.transformer());
                batch = batch();
                throw e;
            }
        });
    }

    /** Lets go of what neither those under way need nor who comes next, but for the last few. */
    private void tidy() {
        Set<Seat> needed = Stream.concat(taken.values().stream(), next.stream()).collect(Collectors.toSet());
        int room = MEMORIES - learned(needed.stream()).size();
        writers.keep(needed, Math.clamp(room, 0, idle));
        adapters.keep(learned(Stream.concat(needed.stream(), writers.keys())), 0);
        count();
    }

    private void count() {
        long asked = taken.values().stream().distinct().count();
        idleVoices = Math.toIntExact(writers.keys().count() - asked);
    }

    private static Set<Learned> learned(Stream<Seat> seats) {
        return seats.flatMap(seat -> seat.learned().stream()).collect(Collectors.toSet());
    }

    /** How many voices are loaded and nobody's. */
    int idle() {
        return idleVoices;
    }

    /** Lets go of a memory that nobody asks any more. */
    void forget(Path memory) {
        locked(() -> {
            writers.drop(seat -> seat.voice.folder().equals(Optional.of(memory)));
            adapters.drop(learned -> learned.memory.equals(memory));
            count();
            return memory;
        });
    }

    private void letGo() {
        batch.close();
        taken.clear();
        next = Optional.empty();
        writers.drop(seat -> true);
        adapters.drop(learned -> true);
        pool.close();
        count();
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        locked(() -> {
            letGo();
            loader.close();
            return loader;
        });
    }
}
