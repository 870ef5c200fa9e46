package io.github.lift4j.task;

import java.text.BreakIterator;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A word in a text, in any language.
 *
 * @param text as it stands there
 * @param start index of its first character, counted from 0
 */
record Word(String text, int start) {

    private static final Set<String> COMMON = Set.copyOf(ResourceFile.lines("common-words.txt"));

    /** The words of a text in order: what begins with a letter or a digit. */
    static List<Word> in(String text) {
        List<Word> words = new ArrayList<>();
        BreakIterator breaks = BreakIterator.getWordInstance(Locale.ROOT);
        breaks.setText(text);
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
            if (Character.isLetterOrDigit(text.codePointAt(start))) {
                words.add(new Word(text.substring(start, end), start));
            }
        }
        return words;
    }

    /** Index after its last character. */
    int end() {
        return start + text.length();
    }

    /** The same for all ways to write it: in lower case, full-width and ligature forms resolved. */
    String key() {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    /** Whether it says nothing of what a text is about. English only: other languages have no common words here. */
    boolean isCommon() {
        return COMMON.contains(key());
    }

    /** Whether it begins with a capital letter. */
    boolean isCapitalised() {
        return Character.isUpperCase(text.codePointAt(0));
    }

    /** Whether there is a digit in it. */
    boolean hasDigit() {
        return text.codePoints().anyMatch(Character::isDigit);
    }
}
