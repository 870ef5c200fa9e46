package io.github.lift4j.evaluation.metric;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * METEOR (Lavie and Agarwal 2007) as {@code single_meteor_score} of NLTK computes it, but for its last stage: words are
 * matched that are the same but for case, then words of the same stem. Synonyms are not, for which NLTK asks WordNet; where
 * an answer has some, NLTK gives it more.
 *
 * <pre>
 *   P = m / c,  R = m / r,  F = P R / (0.9 P + 0.1 R),  score = F (1 - 0.5 (chunks / m)^3)
 * </pre>
 *
 * <p>with m matched words, c the answer's and r the reference's, and chunks the stretches of matches that stand side by
 * side in both texts. LooGLE's script hands NLTK each text's <em>set</em> of words, whose order Python changes from run to
 * run, and chunks with it: such figures cannot be repeated. Here words stand in the order of the text.
 */
public final class Meteor implements Metric {

    private static final double ALPHA = 0.9;
    private static final double BETA = 3;
    private static final double GAMMA = 0.5;

    /** A word and its place in its text. */
    private record Word(int place, String text) {}

    private record Match(int given, int right) {}

    @Override
    public double score(String prediction, String reference) {
        List<Word> given = words(prediction);
        List<Word> right = words(reference);
        double answerWords = given.size();
        double referenceWords = right.size();
        List<Match> matches = new ArrayList<>();
        match(given, right, word -> word, matches);
        match(given, right, PorterStemmer::stem, matches);
        if (matches.isEmpty()) {
            return 0;
        }
        double precision = matches.size() / answerWords;
        double recall = matches.size() / referenceWords;
        double mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall);
        return mean * (1 - GAMMA * Math.pow((double) chunks(matches) / matches.size(), BETA));
    }

    private static List<Word> words(String text) {
        List<String> words = PythonText.words(text);
        return new ArrayList<>(IntStream.range(0, words.size())
                .mapToObj(i -> new Word(i, words.get(i).toLowerCase(Locale.ROOT)))
                .toList());
    }

    /** Matches words of one form, each of the answer's from the last on with the last that is left, and takes both out. */
    private static void match(List<Word> given, List<Word> right, UnaryOperator<String> form, List<Match> matches) {
        Map<String, Deque<Word>> left = new HashMap<>();
        right.forEach(word -> left.computeIfAbsent(form.apply(word.text()), any -> new ArrayDeque<>())
                .push(word));
        for (Word word : List.copyOf(given.reversed())) {
            Word other = left.getOrDefault(form.apply(word.text()), new ArrayDeque<>())
                    .poll();
            if (other != null) {
                matches.add(new Match(word.place(), other.place()));
                given.remove(word);
                right.remove(other);
            }
        }
    }

    private static int chunks(List<Match> matches) {
        List<Match> sorted =
                matches.stream().sorted(Comparator.comparingInt(Match::given)).toList();
        return 1
                + (int) IntStream.range(1, sorted.size())
                        .filter(i -> sorted.get(i).given() != sorted.get(i - 1).given() + 1
                                || sorted.get(i).right() != sorted.get(i - 1).right() + 1)
                        .count();
    }
}
