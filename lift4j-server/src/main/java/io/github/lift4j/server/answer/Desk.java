package io.github.lift4j.server.answer;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Where questions wait and are answered, side by side where they can be: all that go by weights alone, and those to one voice
 * with its document. Either has a platform thread meanwhile, of which there are few: native calls would pin virtual ones. Any
 * thread may submit; close it before the model.
 */
public final class Desk implements AutoCloseable {

    /** Rounds at the same time: another begins while a voice is loaded or reads a document. */
    private static final int ROUNDS = 2;

    /**
     * How much goes on at once.
     *
     * @param answers written at the same time, at least 1
     * @param waiting questions that may wait behind them, at least 1
     * @param loaded voices that stay loaded while nobody asks them, and as many with their document in the window
     */
    public record Size(int answers, int waiting, int loaded) {

        /** @throws LiftException where nothing could be answered */
        public Size {
            if (answers < 1 || waiting < 1 || loaded < 0) {
                throw new LiftException("Answering needs at least one answer at a time and room for one question to"
                        + " wait, not " + answers + " and " + waiting + ".");
            }
        }
    }

    /** A memory's files stay while this is open. */
    @FunctionalInterface
    public interface Loan extends AutoCloseable {

        @Override
        void close();
    }

    private final LanguageModel model;
    private final Writers writers;
    private final ManyVoices company;
    private final Precedence precedence;
    private final Line line;
    private final Borrowed borrowed = new Borrowed();
    private final List<Thread> threads;
    private final LongAdder tokens = new LongAdder();

    public Desk(LanguageModel model, Size size, Precedence precedence) {
        this.model = model;
        this.writers = new Writers(model, size.loaded());
        this.company = new ManyVoices(model, size.loaded());
        this.precedence = precedence;
        this.line = new Line(size);
        this.threads = IntStream.range(0, Math.min(ROUNDS, size.answers()))
                .mapToObj(i -> Thread.ofPlatform().name("answers-" + (i + 1)).start(this::work))
                .toList();
    }

    /**
     * Has a question answered.
     *
     * @return empty where too many wait already, or the desk is closed
     */
    public <P> Optional<Reply> submit(Ask<P> ask) {
        Reply reply = new Reply();
        Optional<Path> memory = ask.voice().folder();
        precedence.begin();
        memory.ifPresent(borrowed::borrow);
        if (line.offer(new Question<>(ask, reply, model, () -> over(memory)))) {
            return Optional.of(reply);
        }
        leave(memory);
        return Optional.empty();
    }

    private void over(Optional<Path> memory) {
        line.over();
        leave(memory);
    }

    private void leave(Optional<Path> memory) {
        precedence.end();
        memory.ifPresent(this::giveBack);
    }

    private void giveBack(Path memory) {
        borrowed.giveBack(memory).ifPresent(Runnable::run);
    }

    /**
     * Keeps the files of a memory for whoever reads them, as for those who ask it.
     *
     * @param memory its folder
     */
    public Loan lend(Path memory) {
        borrowed.borrow(memory);
        return () -> giveBack(memory);
    }

    /**
     * Lets go of a memory that nobody may ask any more, as soon as those who asked already have their answers.
     *
     * @param memory its folder
     * @param then done as soon as its files are needed no longer, by whatever thread comes last; it may not throw
     */
    public void forget(Path memory, Runnable then) {
        borrowed.whenGivenBack(memory, () -> {
                    writers.forget(memory);
                    company.forget(memory);
                    then.run();
                })
                .ifPresent(Runnable::run);
    }

    /** How many tokens were written. */
    public long tokens() {
        return tokens.sum();
    }

    /** How many voices are loaded while nobody asks them. */
    public int idle() {
        return writers.idle() + company.idle();
    }

    private void work() {
        try {
            Optional<Question<?>> first = line.first();
            while (first.isPresent()) {
                answer(first.get());
                first = line.first();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Question<?> first) {
        try {
            List<Question<?>> last = switch (first.key()) {
                case Question.Together _ -> round(company, first);
                case Question.Alone(String owner, Voice<?> voice) ->
                    writers.with(owner, voice, writer -> round(new OneVoice<>(writer), first));
            };
            last.forEach(Question::end);
        } catch (RuntimeException | Error e) {
            // Those beside it were told already.
            first.fail(e);
        } finally {
            line.leave(first.key());
        }
    }

    private List<Question<?>> round(Company company, Question<?> first) {
        return new Round(line, company, tokens).answer(first);
    }

    /** Stops the answers under way and lets go of all memories. */
    @Override
    public void close() {
        line.close().forEach(question -> question.fail(new CancellationException("the service is stopping")));
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        writers.close();
        company.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
