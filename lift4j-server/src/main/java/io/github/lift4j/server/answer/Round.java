package io.github.lift4j.server.answer;

import io.github.lift4j.engine.generation.ContinuousBatch;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Questions that are answered side by side: who comes while others are answered joins them at the next token, who is done
 * leaves.
 */
final class Round {

    private final Line line;
    private final Company company;
    private final LongAdder tokens;
    private final Map<ContinuousBatch.Text, Question<?>> writing = new IdentityHashMap<>();

    /** @param tokens counts what is written */
    Round(Line line, Company company, LongAdder tokens) {
        this.line = line;
        this.company = company;
        this.tokens = tokens;
    }

    /**
     * Answers a question, and those that join it, until there are no more.
     *
     * @return those whose answers ended last, which are to be told when the voice can be asked anew
     */
    List<Question<?>> answer(Question<?> first) {
        Optional<Question<?>> next = Optional.of(first);
        List<Question<?>> ended = List.of();
        try {
            while (next.isPresent() || !writing.isEmpty()) {
                while (next.isPresent() && admitted(next.get())) {
                    next = line.joining(first.key());
                }
                ended.forEach(Question::end);
                ended = step();
                next = next.or(() -> line.joining(first.key()));
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
    private boolean admitted(Question<?> question) {
        if (!question.wanted()) {
            question.end();
            return true;
        }
        try {
            Optional<ContinuousBatch.Text> text = company.admit(question);
            text.ifPresent(writes -> writing.put(writes, question));
            return text.isPresent();
        } catch (CancellationException stopping) {
            throw stopping;
        } catch (RuntimeException e) {
            // It is this question that cannot be answered: those beside it go on.
            question.fail(e);
            return true;
        }
    }

    private List<Question<?>> step() {
        List<Question<?>> ended = company.step().stream()
                .<Question<?>>flatMap(text -> Stream.ofNullable(writing.remove(text)))
                .toList();
        ended.forEach(question -> tokens.add(question.tokens()));
        return ended;
    }
}
