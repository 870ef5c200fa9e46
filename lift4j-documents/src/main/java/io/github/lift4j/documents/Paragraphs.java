package io.github.lift4j.documents;

import io.github.lift4j.documents.Prose.Break;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joins the lines of pages to paragraphs. A PDF does not say where one ends; the page shows it: by a gap, by an
 * indentation, by letters of another size, by a line that ends although the next word would still have fitted on it. A
 * paragraph goes on over the end of a column and of a page.
 */
final class Paragraphs {

    /** A gap between lines that is this much larger than the usual one was meant. */
    private static final double LARGE_GAP = 1.3;

    /** Lines further apart than this, in letter sizes, are not lines of one paragraph. */
    private static final double LARGEST_PITCH = 3;

    /** An indentation, in letter sizes. */
    private static final double INDENTATION = 0.7;

    /** A line that fills less than this part of its column, though more would fit, was ended by its author. */
    private static final double SHORT_LINE = 0.8;

    private static final double OTHER_SIZE = 0.12;

    private static final Pattern ENDS_SENTENCE = Pattern.compile("[.!?:…][\"'”’»)\\]]*$");
    private static final Pattern LIST_ITEM = Pattern.compile("^([•·▪◦‣●○■*–-]|\\(?(\\d{1,3}|[a-zA-Z])[.)])\\s.*");
    private static final Pattern LEADER = Pattern.compile("(\\.\\s?){4,}\\s*\\S{1,8}$");

    private final Prose prose;
    private final Hyphenation hyphenation = new Hyphenation();
    private @Nullable TextLine last;
    private boolean lastBeganParagraph;

    Paragraphs(Prose prose) {
        this.prose = prose;
    }

    /** Writes one page after the pages before it. */
    void write(List<TextLine> page) throws IOException {
        page.forEach(line -> hyphenation.learn(line.text()));
        double pitch = usualPitch(page);
        for (int i = 0; i < page.size(); i++) {
            TextLine line = page.get(i);
            TextLine next = i + 1 < page.size() ? page.get(i + 1) : null;
            TextLine previous = last;
            Break at = previous == null
                    ? Break.PARAGRAPH
                    : i == 0 ? afterTurn(previous, line) : between(previous, line, next, pitch, page);
            write(previous, at, line);
            lastBeganParagraph = at != Break.NONE;
            last = line;
        }
    }

    /** Ends the text. The last line of all was held back for what might follow it. */
    void end() throws IOException {
        if (last != null) {
            prose.text(last.text());
        }
        last = null;
    }

    /** Writes {@code previous}, now that it is known how {@code line} follows it. */
    private void write(@Nullable TextLine previous, Break at, TextLine line) throws IOException {
        if (previous == null) {
            return;
        }
        String text = previous.text();
        if (at != Break.NONE) {
            prose.text(text);
            prose.breakHere(at);
        } else if (hyphenation.splitsWord(text, line.text())) {
            prose.text(text.substring(0, text.length() - 1));
        } else {
            prose.text(Hyphenation.endsInHyphen(text) ? text : text + " ");
        }
    }

    private Break between(TextLine a, TextLine b, @Nullable TextLine next, double pitch, List<TextLine> page) {
        double gap = (b.baseline() - a.baseline()) / b.size();
        double margin = rightMargin(a, page);
        boolean wordWouldFit = a.right() + 0.7 * a.size() + b.firstWord() < margin;
        boolean endsShort = wordWouldFit && a.right() - a.left() < SHORT_LINE * (margin - a.left());
        if (goesOnInWord(a, b)) {
            return Break.NONE;
        }
        if (gap < -0.5 || !a.inColumnOf(b)) {
            return afterTurn(a, b);
        }
        if (!wordWouldFit && gap < LARGEST_PITCH && goesOnInSentence(a, b)) {
            return Break.NONE;
        }
        if (differ(a.size(), b.size()) || gap > LARGE_GAP * pitch) {
            return Break.PARAGRAPH;
        }
        if (a.tabular() || b.tabular() || hasLeader(a)) {
            return Break.LINE;
        }
        if (LIST_ITEM.matcher(b.text()).matches() && (endsShort || endsSentence(a))) {
            return Break.LINE;
        }
        if (beginsByIndentation(a, b, next) || wordWouldFit && endsSentence(a)) {
            return Break.PARAGRAPH;
        }
        return endsShort ? Break.LINE : Break.NONE;
    }

    private static boolean goesOnInWord(TextLine a, TextLine b) {
        return Hyphenation.endsInHyphen(a.text())
                && Character.isLowerCase(b.text().codePointAt(0))
                && !differ(a.size(), b.size());
    }

    /** Over the end of a column or a page only the words tell whether a sentence goes on. */
    private static Break afterTurn(TextLine a, TextLine b) {
        return goesOnInSentence(a, b) ? Break.NONE : Break.PARAGRAPH;
    }

    private static boolean goesOnInSentence(TextLine a, TextLine b) {
        return !differ(a.size(), b.size())
                && !a.tabular()
                && !b.tabular()
                && !endsSentence(a)
                && Character.isLowerCase(b.text().codePointAt(0));
    }

    private boolean beginsByIndentation(TextLine a, TextLine b, @Nullable TextLine next) {
        double indentation = (b.left() - a.left()) / b.size();
        if (indentation > INDENTATION) {
            // Where the lines after it keep its indentation, it is the body of a hanging first line.
            boolean staysIndented =
                    next != null && Math.abs(next.left() - b.left()) < INDENTATION * b.size() && next.inColumnOf(b);
            return !(staysIndented && lastBeganParagraph);
        }
        return indentation < -INDENTATION && !lastBeganParagraph;
    }

    /** How far the lines of a column reach, a few that run across columns left aside. */
    private static double rightMargin(TextLine line, List<TextLine> page) {
        double[] rights = page.stream()
                .filter(other -> !other.tabular() && !differ(other.size(), line.size()) && other.inColumnOf(line))
                .mapToDouble(TextLine::right)
                .sorted()
                .toArray();
        return rights.length == 0 ? line.right() : rights[(int) (0.9 * (rights.length - 1))];
    }

    private static boolean endsSentence(TextLine line) {
        return ENDS_SENTENCE.matcher(line.text()).find();
    }

    /** Looked for at the end only: patterns that repeat groups run out of stack on lines made to make them. */
    private static boolean hasLeader(TextLine line) {
        String text = line.text();
        return LEADER.matcher(text.substring(Math.max(0, text.length() - 40))).find();
    }

    private static boolean differ(double size, double other) {
        return Math.abs(size - other) > OTHER_SIZE * Math.max(size, other);
    }

    /** The distance most lines of a page keep from the one above, in letter sizes. */
    private static double usualPitch(List<TextLine> page) {
        double[] pitches = new double[page.size()];
        int count = 0;
        for (int i = 1; i < page.size(); i++) {
            TextLine a = page.get(i - 1);
            TextLine b = page.get(i);
            double gap = (b.baseline() - a.baseline()) / b.size();
            if (!differ(a.size(), b.size()) && gap > 0.5 && gap < LARGEST_PITCH) {
                pitches[count++] = gap;
            }
        }
        if (count == 0) {
            return Double.MAX_VALUE;
        }
        double[] known = Arrays.copyOf(pitches, count);
        Arrays.sort(known);
        // Short paragraphs make half of all gaps large ones; the usual pitch is among the smaller.
        return known[count / 3];
    }
}
