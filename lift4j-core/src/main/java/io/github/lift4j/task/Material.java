package io.github.lift4j.task;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Passages;
import io.github.lift4j.document.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A document as the rules see it: its sentences, none too long for a question, and what is needed to tell whether a
 * sentence or a word is the only one of its kind.
 */
final class Material {

    /** In characters. A table or a program without full stops comes as one long sentence; it is cut here. */
    private static final int LONGEST = 600;

    private final String title;
    private final String text;
    private final List<Passage> sentences;
    private final Map<String, Integer> copies;
    private final NavigableSet<String> sorted;
    private final Map<String, Integer> sentencesWithWord;

    private Material(String title, String text, List<Passage> sentences) {
        this.title = title;
        this.text = text;
        this.sentences = sentences;
        this.copies = counts(sentences.stream().map(Passage::text));
        this.sorted = new TreeSet<>(copies.keySet());
        this.sentencesWithWord =
                counts(sentences.stream().flatMap(sentence -> SeenQuestions.keys(Word.in(sentence.text())).stream()));
    }

    static Material of(String title, String text) {
        List<Passage> cut = new ArrayList<>();
        Passages.sentences(text).forEach(sentence -> cut(sentence, cut));
        return new Material(title, text, List.copyOf(cut));
    }

    String title() {
        return title;
    }

    /** How many sentences there are. */
    int size() {
        return sentences.size();
    }

    Passage sentence(int index) {
        return sentences.get(index);
    }

    /** From the start of one sentence to the end of another, not before it. */
    Span span(int first, int last) {
        return new Span(
                sentences.get(first).span().start(), sentences.get(last).span().end());
    }

    /** The text from the start of one sentence to the end of another, not before it, word for word. */
    String text(int first, int last) {
        return text.substring(
                Math.toIntExact(sentences.get(first).span().start()),
                Math.toIntExact(sentences.get(last).span().end()));
    }

    /** Whether the document has this very sentence once only. */
    boolean isUnique(Passage sentence) {
        return copies.getOrDefault(sentence.text(), 0) == 1;
    }

    /** The different sentences that begin so. */
    NavigableSet<String> beginningWith(String opening) {
        return sorted.subSet(opening, true, opening + Character.MAX_VALUE, true);
    }

    /** Whether a word stands in one sentence only, however often there. */
    boolean isRare(Word word) {
        return sentencesWithWord.getOrDefault(word.key(), 0) == 1;
    }

    /** A different place at each call, uniformly. */
    Passage any(RandomGenerator random) {
        return sentences.get(random.nextInt(sentences.size()));
    }

    /**
     * The words of a sentence most worth asking for: names and numbers that stand in no other one; where there are none,
     * other words that stand in no other one; then names and numbers; then all that are not common. The capital of a first
     * word means nothing.
     */
    List<Word> telling(List<Word> words) {
        List<Word> contents = words.stream()
                .filter(word -> !word.isCommon() && word.text().length() > 1)
                .toList();
        List<Word> names = contents.stream()
                .filter(word -> word.hasDigit()
                        || (word.isCapitalised()
                                && word.start() > words.getFirst().start()))
                .toList();
        return Stream.of(rare(names), rare(contents), names)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(contents);
    }

    private List<Word> rare(List<Word> words) {
        return words.stream().filter(this::isRare).toList();
    }

    private static Map<String, Integer> counts(Stream<String> texts) {
        return texts.collect(Collectors.groupingBy(Function.identity(), HashMap::new, Collectors.summingInt(_ -> 1)));
    }

    private static void cut(Passage sentence, List<Passage> pieces) {
        String text = sentence.text();
        int from = 0;
        while (from < text.length()) {
            int to = text.length() - from <= LONGEST ? text.length() : endOfPiece(text, from);
            int start = from;
            int end = to;
            while (start < end && Character.isWhitespace(text.charAt(start))) {
                start++;
            }
            while (end > start && Character.isWhitespace(text.charAt(end - 1))) {
                end--;
            }
            if (start < end) {
                long offset = sentence.span().start();
                pieces.add(new Passage(text.substring(start, end), new Span(offset + start, offset + end)));
            }
            from = to;
        }
    }

    /** At the last line end within the limit, else at the last space, else between two characters. */
    private static int endOfPiece(String text, int from) {
        int limit = from + LONGEST;
        int line = text.lastIndexOf('\n', limit - 1);
        if (line > from) {
            return line;
        }
        int space = text.lastIndexOf(' ', limit - 1);
        if (space > from) {
            return space;
        }
        return Character.isSurrogatePair(text.charAt(limit - 1), text.charAt(limit)) ? limit - 1 : limit;
    }
}
