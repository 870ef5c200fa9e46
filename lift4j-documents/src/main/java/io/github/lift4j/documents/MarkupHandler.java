package io.github.lift4j.documents;

import io.github.lift4j.documents.Prose.Break;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Writes XHTML as prose: headings and paragraphs apart by an empty line, list items and table rows on lines of their
 * own, cells apart by bars. What only a browser needs (scripts, styles, navigation) is left out.
 */
final class MarkupHandler extends DefaultHandler {

    private static final Set<String> SKIPPED = Set.of(
            "head",
            "title",
            "script",
            "style",
            "noscript",
            "template",
            "nav",
            "svg",
            "button",
            "select",
            "textarea",
            "iframe",
            "object",
            "audio",
            "video");

    private static final Set<String> HEADINGS = Set.of("h1", "h2", "h3", "h4", "h5", "h6");

    /** A heading that is longer was never closed; more of it than this makes no title. */
    private static final int LONGEST_HEADING = 1000;

    private static final Set<String> PARAGRAPHS = Set.of(
            "p",
            "div",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "body",
            "section",
            "article",
            "aside",
            "main",
            "header",
            "footer",
            "figure",
            "figcaption",
            "blockquote",
            "pre",
            "address",
            "hr",
            "table",
            "caption",
            "dl");

    private static final Set<String> LINES = Set.of("dt", "dd");

    /** One open list: how many items it has had, where it counts them. */
    private static final class OpenList {
        private final boolean numbered;
        private int items;

        private OpenList(boolean numbered) {
            this.numbered = numbered;
        }

        private String nextMark() {
            items++;
            return numbered ? items + ". " : "- ";
        }
    }

    private final Prose prose;
    private final Deque<OpenList> lists = new ArrayDeque<>();
    private final StringBuilder heading = new StringBuilder();
    private final boolean lineEndsMeanNothing;
    private int skippedDepth;
    private int paragraphDepth;
    private int tableDepth;
    private int headingDepth;
    private int preformattedDepth;
    private boolean rowHasText;
    private long breaksBeforeRow;
    private boolean atStartOfItem;

    /**
     * A handler that writes to {@code prose}.
     *
     * @param lineEndsMeanNothing false for office formats: after a text box Tika gives their paragraphs as bare lines
     */
    MarkupHandler(Prose prose, boolean lineEndsMeanNothing) {
        this.prose = prose;
        this.lineEndsMeanNothing = lineEndsMeanNothing;
    }

    /** The text of the first heading that has one. */
    Optional<String> firstHeading() {
        return Optional.of(heading.toString()).filter(found -> !found.isBlank());
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) {
        if (skippedDepth > 0 || SKIPPED.contains(localName)) {
            skippedDepth++;
            return;
        }
        switch (localName) {
            case "br" -> prose.breakHard();
            case "ul", "ol" -> startList(localName);
            case "li" -> startItem();
            case "tr" -> startRow();
            case "td", "th" -> startCell();
            default -> startBlock(localName);
        }
    }

    @Override
    public void endElement(String uri, String localName, String qName) {
        if (skippedDepth > 0) {
            skippedDepth--;
            return;
        }
        switch (localName) {
            case "ul", "ol" -> endList();
            case "li", "tr" -> endLine();
            default -> endBlock(localName);
        }
    }

    @Override
    public void characters(char[] characters, int from, int length) {
        if (skippedDepth > 0) {
            return;
        }
        if (headingDepth > 0 && heading.length() < LONGEST_HEADING) {
            heading.append(characters, from, length);
        }
        if (!new String(characters, from, length).isBlank()) {
            atStartOfItem = false;
            rowHasText = true;
        }
        try {
            if (preformattedDepth > 0) {
                prose.preformatted(characters, from, length);
            } else if (lineEndsMeanNothing || paragraphDepth > 0) {
                prose.text(characters, from, length);
            } else {
                bareLines(characters, from, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void ignorableWhitespace(char[] characters, int from, int length) {
        characters(characters, from, length);
    }

    private void bareLines(char[] characters, int from, int length) throws IOException {
        int lineStart = from;
        for (int i = from; i < from + length; i++) {
            if (characters[i] == '\n') {
                prose.text(characters, lineStart, i - lineStart);
                if (!atStartOfItem) {
                    prose.breakHere(tableDepth > 0 ? Break.LINE : Break.PARAGRAPH);
                }
                lineStart = i + 1;
            }
        }
        prose.text(characters, lineStart, from + length - lineStart);
    }

    private void startBlock(String name) {
        breakAround(name);
        countDepth(name, 1);
        if (name.equals("pre")) {
            preformattedDepth++;
        } else if (HEADINGS.contains(name)
                && (headingDepth > 0 || heading.toString().isBlank())) {
            headingDepth++;
        }
    }

    private void endBlock(String name) {
        breakAround(name);
        countDepth(name, -1);
        if (name.equals("pre")) {
            preformattedDepth--;
        } else if (HEADINGS.contains(name) && headingDepth > 0) {
            headingDepth--;
        }
    }

    private void breakAround(String name) {
        // The first paragraph of a list item stands beside its mark, and that of a cell beside the cell before.
        if (!atStartOfItem) {
            if (PARAGRAPHS.contains(name)) {
                prose.breakHere(Break.PARAGRAPH);
            } else if (LINES.contains(name)) {
                prose.breakHere(Break.LINE);
            }
        }
    }

    private void countDepth(String name, int step) {
        if (name.equals("p")) {
            paragraphDepth += step;
        } else if (name.equals("table")) {
            tableDepth += step;
        }
    }

    private void endLine() {
        prose.breakHere(Break.LINE);
        atStartOfItem = false;
    }

    private void startList(String name) {
        prose.breakHere(lists.isEmpty() ? Break.PARAGRAPH : Break.LINE);
        atStartOfItem = false;
        lists.push(new OpenList(name.equals("ol")));
    }

    private void endList() {
        lists.poll();
        atStartOfItem = false;
        prose.breakHere(lists.isEmpty() ? Break.PARAGRAPH : Break.LINE);
    }

    private void startItem() {
        prose.breakHere(Break.LINE);
        OpenList list = lists.peek();
        String indentation = "  ".repeat(Math.max(0, lists.size() - 1));
        prose.lead(indentation + (list == null ? "- " : list.nextMark()));
        atStartOfItem = true;
    }

    private void startRow() {
        endLine();
        rowHasText = false;
        breaksBeforeRow = prose.breaks();
    }

    private void startCell() {
        boolean rowHasOneLine = prose.breaks() - breaksBeforeRow <= 1;
        if (rowHasText && rowHasOneLine) {
            prose.separate(" | ");
        } else if (rowHasText) {
            // A row with paragraphs in it only lays a page out.
            prose.breakHere(Break.PARAGRAPH);
        }
        atStartOfItem = true;
    }
}
