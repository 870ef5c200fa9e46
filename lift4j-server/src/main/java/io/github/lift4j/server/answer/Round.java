package io.github.lift4j.server.answer;

import io.github.lift4j.answer.Prepared;
import io.github.lift4j.engine.generation.ContinuousBatch;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Questions to one voice that are answered side by side: who comes while others are answered joins them at the next token,
 * who is done leaves.
 */
final class Round<P> {

    private final Line line;
    private final Writer<P> writer;
    private final LongAdder tokens;
    private final Map<ContinuousBatch.Text, Question<P>> writing = new IdentityHashMap<>();

    /** @param tokens counts what is written */
    Round(Line line, Writer<P> writer, LongAdder tokens) {
        this.line = line;
        this.writer = writer;
        this.tokens = tokens;
    }

    /**
     * Answers a question, and those that join it, until there are no more.
     *
     * @return those whose answers ended last, which are to be told when the voice can be asked anew
     */
    List<Question<P>> answer(Question<P> first) {
        Optional<Question<P>> next = Optional.of(first);
        List<Question<P>> ended = List.of();
        try {
            while (next.isPresent() || !writing.isEmpty()) {
                while (next.isPresent() && admitted(next.get())) {
                    next = line.joining(first);
                }
                ended.forEach(Question::end);
                ended = step();
                next = next.or(() -> line.joining(first));
            }
            return ended;
        } catch (RuntimeException | Error e) {
            ended.forEach(Question::end);
            next.ifPresent(question -> question.fail(e));
            writing.values().forEach(question -> question.fail(e));
            throw e;
        }
    }

    /** Whether a question has been dealt with: it joined, was refused, or nobody waits for it any more. */
    private boolean admitted(Question<P> question) {
        if (!question.wanted()) {
            question.end();
            return true;
        }
        try {
            Optional<Prepared> ready =
                    writer.prepare(question.ask().prompt(), question.ask().most());
            if (ready.isEmpty()
                    || !writer.batch()
                            .hasRoom(ready.get().ids().length + question.ask().most())) {
                return false;
            }
            ContinuousBatch.Text text = question.text(ready.get());
            writer.batch().join(text);
            writing.put(text, question);
        } catch (CancellationException stopping) {
            throw stopping;
        } catch (RuntimeException e) {
            // It is this question that cannot be answered: those beside it go on.
            question.fail(e);
        }
        return true;
    }

    private List<Question<P>> step() {
        List<Question<P>> ended = writer.batch().step().stream()
                .flatMap(text -> Stream.ofNullable(writing.remove(text)))
                .toList();
        ended.forEach(question -> tokens.add(question.tokens()));
        return ended;
    }
}
