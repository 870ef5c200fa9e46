package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Shuffles {@linkplain Neighbours neighbouring passages}, two of them at least.
 *
 * @param longest characters of a passage at most; it has one sentence at least
 */
record Ordering(int longest) implements Rule {

    /** One to a few sentences. */
    static final int SHORT = 400;

    private static final int SHORTEST = 50;

    @Override
    public Optional<Task> at(int sentence, Material material, RandomGenerator random) {
        List<Passage> passages = new Neighbours(SHORTEST, longest).from(sentence, material, random);
        if (passages.size() < 2) {
            return Optional.empty();
        }
        List<String> texts = passages.stream().map(Passage::text).toList();
        Span span = new Span(
                passages.getFirst().span().start(), passages.getLast().span().end());
        return Optional.of(OrderingTask.shuffled(texts, permutation(texts.size(), random))
                .task(span, RuleTasks.Kind.ORDERING.source()));
    }

    private static List<Integer> permutation(int length, RandomGenerator random) {
        List<Integer> permutation = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            permutation.add(random.nextInt(i + 1), i);
        }
        return permutation;
    }
}
