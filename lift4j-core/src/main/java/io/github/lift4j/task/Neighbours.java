package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Takes up to five neighbouring passages of about the same length, no two alike. Lengths are drawn so that each power of
 * two is as likely as the next, so that near and far neighbours are both met. A sentence too near the document's end for
 * five gives fewer, or shorter ones.
 *
 * @param shortest characters of a passage that are drawn at least
 * @param longest characters of a passage at most; it has one sentence at least
 */
record Neighbours(int shortest, int longest) {

    /** As many as BAMBOO shows. */
    private static final int PASSAGES = 5;

    /** The passages from a sentence on, in the document's order; empty where two are alike. */
    List<Passage> from(int sentence, Material material, RandomGenerator random) {
        long left = material.span(sentence, material.size() - 1).length();
        double drawn = longest * Math.pow((double) shortest / longest, random.nextDouble());
        long length = Math.min((long) drawn, left / PASSAGES);
        List<Passage> passages = new ArrayList<>();
        int next = sentence;
        while (passages.size() < PASSAGES && next < material.size()) {
            int last = last(next, length, material);
            passages.add(new Passage(material.text(next, last), material.span(next, last)));
            next = last + 1;
        }
        boolean alike = passages.stream().map(Passage::text).distinct().count() < passages.size();
        return alike ? List.of() : passages;
    }

    /** The last sentence of a passage that begins with one and is no longer than asked. */
    private static int last(int first, long length, Material material) {
        int last = first;
        while (last + 1 < material.size() && material.span(first, last + 1).length() <= length) {
            last++;
        }
        return last;
    }
}
