package io.github.lift4j.server.answer;

import io.github.lift4j.engine.model.LanguageModel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Function;

/**
 * The loaded voices. One that is in use belongs to who uses it; of those that are not, the ones used last are kept, so that
 * neither a memory's weights nor its document are read again for the next question.
 */
final class Writers implements AutoCloseable {

    private record Idle<P>(String owner, Voice<P> voice, Writer<P> writer) {

        /** The writer, where this is the voice that is looked for. */
        @SuppressWarnings("unchecked") // equal voices are of one type, and so are their writers
        <Q> Writer<Q> as(Voice<Q> wanted) {
            return (Writer<Q>) writer;
        }
    }

    private final LanguageModel model;
    private final int most;
    private final Deque<Idle<?>> idle = new ArrayDeque<>();
    /** Memories that are there no longer. */
    private final Set<Path> forgotten = new HashSet<>();

    private boolean closed;

    /** @param most idle voices that stay loaded */
    Writers(LanguageModel model, int most) {
        this.model = model;
        this.most = most;
    }

    /** Does something with a voice, which is loaded where it is not for this owner. */
    <P, R> R with(String owner, Voice<P> voice, Function<Writer<P>, R> work) {
        Writer<P> writer = take(owner, voice);
        try {
            R result = work.apply(writer);
            putBack(new Idle<>(owner, voice, writer));
            return result;
        } catch (RuntimeException | Error e) {
            // Whether it can still be used is not known.
            writer.close();
            throw e;
        }
    }

    private <P> Writer<P> take(String owner, Voice<P> voice) {
        synchronized (idle) {
            for (Iterator<Idle<?>> each = idle.iterator(); each.hasNext(); ) {
                Idle<?> candidate = each.next();
                if (candidate.owner().equals(owner) && candidate.voice().equals(voice)) {
                    each.remove();
                    return candidate.as(voice);
                }
            }
        }
        return voice.open(model);
    }

    /** Lets go of the voices that speak of a memory, of those in use once they are idle. */
    void forget(Path memory) {
        Deque<Idle<?>> leaving = new ArrayDeque<>();
        synchronized (idle) {
            forgotten.add(memory);
            idle.stream().filter(each -> isForgotten(each.voice())).forEach(leaving::add);
            idle.removeAll(leaving);
        }
        leaving.forEach(old -> old.writer().close());
    }

    private boolean isForgotten(Voice<?> voice) {
        return voice.folder().filter(forgotten::contains).isPresent();
    }

    private void putBack(Idle<?> used) {
        Deque<Idle<?>> leaving = new ArrayDeque<>();
        synchronized (idle) {
            (isForgotten(used.voice()) ? leaving : idle).addFirst(used);
            while (idle.size() > (closed ? 0 : most)) {
                leaving.add(idle.removeLast());
            }
        }
        leaving.forEach(old -> old.writer().close());
    }

    /** How many voices are loaded and idle. */
    int idle() {
        synchronized (idle) {
            return idle.size();
        }
    }

    /** Lets go of what is idle now, and later of what is in use. */
    @Override
    public void close() {
        Deque<Idle<?>> leaving;
        synchronized (idle) {
            closed = true;
            leaving = new ArrayDeque<>(idle);
            idle.clear();
        }
        leaving.forEach(old -> old.writer().close());
    }
}
