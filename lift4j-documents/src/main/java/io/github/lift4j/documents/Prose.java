package io.github.lift4j.documents;

import java.io.IOException;
import java.io.Writer;

/**
 * Writes text the way a person would type it: runs of white space made single, paragraphs apart by one empty line,
 * nothing at the ends of lines. Breaks are only noted when they are asked for and written when text follows, so any
 * number of nested blocks that end or begin together make one break.
 */
final class Prose {

    /** How far the next text stands from the last. */
    enum Break {
        NONE(""),
        LINE("\n"),
        PARAGRAPH("\n\n");

        private final String characters;

        Break(String characters) {
            this.characters = characters;
        }
    }

    private final Writer out;
    private Break pendingBreak = Break.NONE;
    private final StringBuilder pendingLead = new StringBuilder();
    private boolean pendingSpace;
    private long breaks;
    private boolean nothingWritten = true;

    Prose(Writer out) {
        this.out = out;
    }

    /** Text in which white space, line ends included, only separates words. */
    void text(char[] characters, int from, int length) throws IOException {
        int wordStart = from;
        int end = from + length;
        for (int i = from; i <= end; i++) {
            boolean space = i < end && isSpace(characters[i]);
            if (i == end || space || isInvisible(characters[i])) {
                if (i > wordStart) {
                    word(characters, wordStart, i - wordStart);
                }
                pendingSpace |= space;
                wordStart = i + 1;
            }
        }
    }

    void text(String text) throws IOException {
        text(text.toCharArray(), 0, text.length());
    }

    /** Text whose lines and indentation mean something, such as a poem or a program. */
    void preformatted(char[] characters, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) {
            switch (characters[i]) {
                case '\n' -> breakHard();
                case '\r' -> {}
                case ' ', '\t' -> pendingLead.append(characters[i]);
                default -> {
                    if (!isInvisible(characters[i])) {
                        word(characters, i, 1);
                    }
                }
            }
        }
    }

    /** Asks for at least this break before the next text. */
    void breakHere(Break at) {
        if (at.compareTo(pendingBreak) > 0) {
            pendingBreak = at;
        }
        pendingSpace = false;
        pendingLead.setLength(0);
    }

    /** A line break that the author typed: two of them make a paragraph. */
    void breakHard() {
        breakHere(pendingBreak == Break.NONE ? Break.LINE : Break.PARAGRAPH);
    }

    /** Takes back the break asked for, and separates what follows on the same line. */
    void separate(String separator) {
        pendingBreak = Break.NONE;
        pendingLead.append(separator);
        pendingSpace = false;
    }

    /** What stands before the next text on its line, such as the mark of a list item. */
    void lead(String lead) {
        pendingLead.setLength(0);
        pendingLead.append(lead);
    }

    /** How many breaks have been written, the beginning of the text being the first. */
    long breaks() {
        return breaks;
    }

    private void word(char[] characters, int from, int length) throws IOException {
        if (nothingWritten) {
            breaks++;
        } else if (pendingBreak != Break.NONE) {
            out.write(pendingBreak.characters);
            breaks++;
        }
        if (!pendingLead.isEmpty()) {
            out.append(pendingLead);
        } else if (pendingSpace && pendingBreak == Break.NONE && !nothingWritten) {
            out.write(' ');
        }
        out.write(characters, from, length);
        pendingBreak = Break.NONE;
        pendingLead.setLength(0);
        pendingSpace = false;
        nothingWritten = false;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /**
     * Soft hyphens, zero-width spaces, byte-order marks, control characters: marks for a layout that is gone. And
     * what stands for a letter that the format could not name.
     */
    private static boolean isInvisible(char c) {
        return c == '\u00AD'
                || c == '\u200B'
                || c == '\uFEFF'
                || c == '\uFFFD'
                || (Character.isISOControl(c) && !isSpace(c));
    }
}
