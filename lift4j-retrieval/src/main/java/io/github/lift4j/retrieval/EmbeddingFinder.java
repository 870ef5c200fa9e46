package io.github.lift4j.retrieval;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Passages;
import io.github.lift4j.evidence.EvidenceFinder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compares a question's direction with those of each passage's sentences, of which the nearest counts: evidence is often
 * one sentence of several, and drowns in a vector of them all. Several threads may search at once; only one of them
 * searches at a time.
 */
final class EmbeddingFinder implements EvidenceFinder {

    /** Passages embedded between two looks at whether the thread was interrupted. */
    private static final int BATCH = 64;

    private final List<Passage> passages;
    private final List<List<float[]>> directions;
    private final SentenceModel model;
    private boolean closed;

    private EmbeddingFinder(List<Passage> passages, List<List<float[]>> directions, SentenceModel model) {
        this.passages = passages;
        this.directions = directions;
        this.model = model;
    }

    static EmbeddingFinder of(List<Passage> passages) {
        List<Passage> kept = List.copyOf(passages);
        SentenceModel model = SentenceModel.open();
        try {
            return new EmbeddingFinder(kept, embed(kept, model), model);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    private static List<List<float[]>> embed(List<Passage> passages, SentenceModel model) {
        List<List<float[]>> directions = new ArrayList<>();
        for (int i = 0; i < passages.size(); i += BATCH) {
            Failure.stopIfInterrupted();
            directions.addAll(passages.subList(i, Math.min(i + BATCH, passages.size())).parallelStream()
                    .map(passage -> directions(passage, model))
                    .toList());
        }
        return directions;
    }

    private static List<float[]> directions(Passage passage, SentenceModel model) {
        return Passages.sentences(passage.text()).stream()
                .flatMap(sentence -> model.ofEvidence(sentence.text()).stream())
                .toList();
    }

    @Override
    public synchronized List<Passage> find(String question, int most) {
        Failure.checkMost(most);
        if (closed) {
            throw Failure.closed();
        }
        if (question.isBlank()) {
            return List.of();
        }
        List<float[]> asked = model.ofQuestion(question);
        double[] cosines = directions.stream()
                .mapToDouble(passage -> nearest(asked, passage))
                .toArray();
        return IntStream.range(0, cosines.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> cosines[i]).reversed())
                .limit(most)
                .map(passages::get)
                .toList();
    }

    private static double nearest(List<float[]> question, List<float[]> passage) {
        double nearest = -1;
        for (float[] asked : question) {
            for (float[] direction : passage) {
                nearest = Math.max(nearest, cosine(asked, direction));
            }
        }
        return nearest;
    }

    /** Of vectors of length 1. */
    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            model.close();
        }
    }
}
