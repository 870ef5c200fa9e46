package io.github.lift4j.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Takes up to five neighbouring passages of the same number of sentences, no two alike, and shuffles them. A sentence too
 * near the document's end for five gives a task of fewer.
 */
record Ordering() implements Rule {

    /** As many as BAMBOO shows. */
    private static final int PASSAGES = 5;

    private static final int MOST_SENTENCES = 3;

    @Override
    public Optional<Task> at(int sentence, Material material, RandomGenerator random) {
        int left = material.size() - sentence;
        int size = random.nextInt(1, Math.clamp(left / PASSAGES, 1, MOST_SENTENCES) + 1);
        int count = Math.min(PASSAGES, left / size);
        List<String> passages = IntStream.range(0, count)
                .mapToObj(i -> passage(sentence + i * size, size, material))
                .toList();
        if (count < 2 || new HashSet<>(passages).size() < count) {
            return Optional.empty();
        }
        return Optional.of(OrderingTask.shuffled(passages, permutation(count, random))
                .task(material.span(sentence, sentence + count * size - 1), RuleTasks.Kind.ORDERING.source()));
    }

    private static String passage(int first, int size, Material material) {
        return IntStream.range(first, first + size)
                .mapToObj(i -> material.sentence(i).text())
                .collect(Collectors.joining(" "));
    }

    private static List<Integer> permutation(int length, RandomGenerator random) {
        List<Integer> permutation = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            permutation.add(random.nextInt(i + 1), i);
        }
        return permutation;
    }
}
