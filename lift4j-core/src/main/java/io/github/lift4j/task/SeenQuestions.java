package io.github.lift4j.task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The questions accepted so far, searchable for one that is the same in other words' order, in number or in a small word.
 *
 * <p>Two sets of words can only be alike enough where they share one of the first words of each, whatever fixed order the
 * words are put in (the prefix filter of set-similarity joins). Long words first, since they are rare: a question is
 * compared with a handful of others, not with all.
 */
final class SeenQuestions {

    private static final Comparator<String> RARE_FIRST =
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder());

    private final double alike;
    private final Map<String, List<Set<String>>> byFirstWords = new HashMap<>();

    /** @param alike least Jaccard index of two questions that count as one, above 0 and at most 1 */
    SeenQuestions(double alike) {
        this.alike = alike;
    }

    boolean contains(List<Word> question) {
        Set<String> words = keys(question);
        return firstWords(words).stream()
                .flatMap(word -> byFirstWords.getOrDefault(word, List.of()).stream())
                .anyMatch(seen -> sameNumbers(seen, words) && jaccard(seen, words) >= alike);
    }

    void add(List<Word> question) {
        Set<String> words = keys(question);
        firstWords(words)
                .forEach(word -> byFirstWords
                        .computeIfAbsent(word, _ -> new ArrayList<>())
                        .add(words));
    }

    /** |a ∩ b| / |a ∪ b|; 1 for two empty sets. */
    static double jaccard(Set<String> a, Set<String> b) {
        long common = a.stream().filter(b::contains).count();
        long all = a.size() + b.size() - common;
        return all == 0 ? 1 : (double) common / all;
    }

    static Set<String> keys(List<Word> words) {
        return words.stream().map(Word::key).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** "in 1990" and "in 1991" ask for different things, however long the rest is. */
    private static boolean sameNumbers(Set<String> a, Set<String> b) {
        return numbers(a).equals(numbers(b));
    }

    private static Set<String> numbers(Set<String> words) {
        return words.stream()
                .filter(word -> word.codePoints().anyMatch(Character::isDigit))
                .collect(Collectors.toSet());
    }

    private List<String> firstWords(Set<String> words) {
        // The margin keeps 0.8 * 5 from being rounded up to 5.
        int needed = (int) Math.ceil(alike * words.size() - 1e-9);
        return words.stream()
                .sorted(RARE_FIRST)
                .limit(words.size() - needed + 1L)
                .toList();
    }
}
