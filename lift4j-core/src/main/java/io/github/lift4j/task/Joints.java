package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Span;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Of {@linkplain Neighbours neighbouring passages}, three at least, asks about one {@linkplain Joint joint} that is there and
 * one that is not, with the same end. Both or none: so half of all answers are yes.
 *
 * @param shortest characters of a passage that are drawn at least
 * @param longest characters of a passage at most; it has one sentence at least
 */
record Joints(int shortest, int longest) {

    /** What made the tasks. */
    static final String SOURCE = "joints";

    /**
     * Makes a pair of tasks, yes first; none where there are too few passages, or two that begin alike. The span of each is
     * from the start of the earlier passage to the end of the later one.
     *
     * @param sentence that the first passage begins with, an index into the material's sentences
     */
    List<Task> at(int sentence, Material material, RandomGenerator random) {
        List<Passage> passages = new Neighbours(shortest, longest).from(sentence, material, random);
        if (passages.size() < 3) {
            return List.of();
        }
        int first = random.nextInt(passages.size() - 1);
        int[] others = IntStream.range(0, passages.size())
                .filter(i -> i != first && i != first + 1)
                .toArray();
        Passage end = passages.get(first);
        Passage next = passages.get(first + 1);
        Passage other = passages.get(others[random.nextInt(others.length)]);
        boolean alike = joint(end, next).equals(joint(end, other));
        return alike ? List.of() : List.of(task(end, next, Joint.YES), task(end, other, Joint.NO));
    }

    private static Joint joint(Passage passage, Passage next) {
        return Joint.of(passage.text(), next.text());
    }

    private static Task task(Passage passage, Passage next, String answer) {
        Span span = new Span(
                Math.min(passage.span().start(), next.span().start()),
                Math.max(passage.span().end(), next.span().end()));
        return new Task(joint(passage, next).question(), answer, span, SOURCE);
    }
}
