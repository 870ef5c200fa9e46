package io.github.lift4j.documents;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.pdfbox.text.TextPosition;

/** Reads the lines of a PDF's pages together with where they stand, which PDFBox itself forgets too early. */
final class PageReader extends PDFTextStripper {

    /** In letter sizes: wider than any space of justified text, narrower than the gap between columns. */
    private static final double COLUMN_GAP = 1.8;

    /** Far beyond any printed page; a page that has more was made to exhaust its reader. */
    private static final int MOST_LETTERS = 2_000_000;

    private final String name;
    private final List<TextLine> lines = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int letters;
    private double left;
    private double right;
    private double baseline;
    private double size;
    private double firstWord;
    private boolean tabular;

    PageReader(String name) {
        this.name = name;
    }

    /**
     * The lines of one page in reading order.
     *
     * @param page counted from 1
     */
    List<TextLine> lines(PDDocument document, int page) throws IOException {
        lines.clear();
        letters = 0;
        setStartPage(page);
        setEndPage(page);
        getText(document);
        endLine();
        return List.copyOf(lines);
    }

    @Override
    protected void processTextPosition(TextPosition position) {
        letters++;
        if (letters > MOST_LETTERS) {
            throw new LiftException("\"" + name + "\" has a page of more than " + MOST_LETTERS
                    + " letters, which no real document has: convert it to plain text to have it read all the same.");
        }
        super.processTextPosition(position);
    }

    @Override
    protected void writeString(String word, List<TextPosition> positions) {
        if (word.isBlank() || positions.isEmpty()) {
            return;
        }
        TextPosition first = positions.getFirst();
        TextPosition last = positions.getLast();
        double begins = first.getXDirAdj();
        double ends = last.getXDirAdj() + last.getWidthDirAdj();
        if (text.isEmpty()) {
            left = begins;
            right = ends;
            size = letterSize(positions);
            baseline = first.getYDirAdj();
            firstWord = firstWordWidth(positions, ends);
        } else {
            boolean farApart = begins - right > COLUMN_GAP * size;
            tabular |= farApart;
            text.append(farApart ? " | " : " ");
        }
        text.append(word.strip());
        right = Math.max(right, ends);
    }

    @Override
    protected void writeLineSeparator() {
        endLine();
    }

    @Override
    protected void writeWordSeparator() {
        // The gap between words is looked at when the next word comes.
    }

    private void endLine() {
        if (!text.isEmpty()) {
            lines.add(new TextLine(text.toString(), left, right, baseline, size, firstWord, tabular));
            text.setLength(0);
        }
        tabular = false;
    }

    /** PDFBox hands over what stands without a gap, which may be a whole line with its spaces. */
    private static double firstWordWidth(List<TextPosition> positions, double ends) {
        double begins = positions.getFirst().getXDirAdj();
        return positions.stream()
                        .filter(position -> position.getUnicode().isBlank())
                        .mapToDouble(TextPosition::getXDirAdj)
                        .filter(space -> space > begins)
                        .findFirst()
                        .orElse(ends)
                - begins;
    }

    private static double letterSize(List<TextPosition> positions) {
        double[] sizes = positions.stream()
                .mapToDouble(TextPosition::getFontSizeInPt)
                .map(Math::abs)
                .sorted()
                .toArray();
        return Math.max(1, sizes[sizes.length / 2]);
    }
}
