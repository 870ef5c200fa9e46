package io.github.lift4j.document;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a text into sentences, and sentences into passages, without losing where they stand. */
public final class Passages {

    /** A table or a program without full stops is cut here, so that no passage outgrows a window. */
    private static final int LONGEST_SENTENCE = 2000;

    private Passages() {}

    /**
     * The sentences of a text in order, white space at their ends left out. What has no sentences (a table, a program) is
     * cut at line ends.
     */
    public static List<Passage> sentences(String text) {
        List<Passage> sentences = new ArrayList<>();
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text);
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
            addLines(text, start, end, sentences);
        }
        return sentences;
    }

    /** A blank line always ends a sentence (a heading has no full stop); an overlong one is cut. */
    private static void addLines(String text, int start, int end, List<Passage> sentences) {
        int from = start;
        while (from < end) {
            int blankLine = text.indexOf("\n\n", from);
            int to = blankLine < 0 || blankLine >= end ? end : blankLine + 2;
            for (int at = from; at < to; at += LONGEST_SENTENCE) {
                addStripped(text, at, Math.min(to, at + LONGEST_SENTENCE), sentences);
            }
            from = to;
        }
    }

    private static void addStripped(String text, int start, int end, List<Passage> sentences) {
        int from = start;
        int to = end;
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        if (from < to) {
            sentences.add(new Passage(text.substring(from, to), new Span(from, to)));
        }
    }

    /**
     * Groups of neighbouring sentences, each group the exact text from its first sentence to its last.
     *
     * @param text what {@link #sentences} was called with
     * @param sentences of that text, in order
     * @param size sentences a group, at least 1; the last group may have fewer
     */
    public static List<Passage> groups(String text, List<Passage> sentences, int size) {
        List<Passage> groups = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i += size) {
            Span first = sentences.get(i).span();
            Span last = sentences.get(Math.min(i + size, sentences.size()) - 1).span();
            groups.add(new Passage(
                    text.substring(Math.toIntExact(first.start()), Math.toIntExact(last.end())),
                    new Span(first.start(), last.end())));
        }
        return groups;
    }
}
