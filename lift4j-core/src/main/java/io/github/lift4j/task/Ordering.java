package io.github.lift4j.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Takes up to five neighbouring passages of about the same length, no two alike, and shuffles them. Lengths are drawn so
 * that each power of two is as likely as the next, so that near and far neighbours are both met. A sentence too near the
 * document's end for five gives a task of fewer, or of shorter passages.
 *
 * @param longest characters of a passage at most; it has one sentence at least
 */
record Ordering(int longest) implements Rule {

    /** One to a few sentences. */
    static final int SHORT = 400;

    /** As many as BAMBOO shows. */
    private static final int PASSAGES = 5;

    private static final int SHORTEST = 50;

    @Override
    public Optional<Task> at(int sentence, Material material, RandomGenerator random) {
        long left = material.span(sentence, material.size() - 1).length();
        double drawn = longest * Math.pow((double) SHORTEST / longest, random.nextDouble());
        long length = Math.min((long) drawn, left / PASSAGES);
        List<String> passages = new ArrayList<>();
        int next = sentence;
        while (passages.size() < PASSAGES && next < material.size()) {
            int last = last(next, length, material);
            passages.add(material.text(next, last));
            next = last + 1;
        }
        int count = passages.size();
        if (count < 2 || new HashSet<>(passages).size() < count) {
            return Optional.empty();
        }
        return Optional.of(OrderingTask.shuffled(passages, permutation(count, random))
                .task(material.span(sentence, next - 1), RuleTasks.Kind.ORDERING.source()));
    }

    /** The last sentence of a passage that begins with one and is no longer than asked. */
    private static int last(int first, long length, Material material) {
        int last = first;
        while (last + 1 < material.size() && material.span(first, last + 1).length() <= length) {
            last++;
        }
        return last;
    }

    private static List<Integer> permutation(int length, RandomGenerator random) {
        List<Integer> permutation = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            permutation.add(random.nextInt(i + 1), i);
        }
        return permutation;
    }
}
