package io.github.lift4j.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParagraphsTest {

    private static final double LETTER = 5;

    @Test
    void joinsTheLinesOfAParagraph() throws IOException {
        assertThat(read("|The barometer fell and fell, until", "|there was no more glass for it to", "|fall through."))
                .isEqualTo("The barometer fell and fell, until there was no more glass for it to fall through.");
    }

    @Test
    void beginsAParagraphAtAGap() throws IOException {
        assertThat(read(
                        "|The barometer fell, for a long time",
                        "|and without a sound to be heard it.",
                        "",
                        "|It was dark then and nobody slept."))
                .isEqualTo("The barometer fell, for a long time and without a sound to be heard it.\n\n"
                        + "It was dark then and nobody slept.");
    }

    @Test
    void beginsAParagraphAtAnIndentation() throws IOException {
        assertThat(read(
                        "|  The barometer fell, and it fell so",
                        "|far that nobody could read it there.",
                        "|  It was dark when the boat came in,",
                        "|and nobody had seen it come at all."))
                .isEqualTo("The barometer fell, and it fell so far that nobody could read it there.\n\n"
                        + "It was dark when the boat came in, and nobody had seen it come at all.");
    }

    @Test
    void keepsAHangingIndentationTogether() throws IOException {
        assertThat(read(
                        "|Haldane, A. Rethinking the network",
                        "|   of banks, and of the money in it",
                        "|   in ten lectures. Amsterdam, 2009.",
                        "|May, R. Stability and complexity of",
                        "|   ecosystems in theory and at sea."))
                .isEqualTo("Haldane, A. Rethinking the network of banks, and of the money in it in ten lectures."
                        + " Amsterdam, 2009.\n\n"
                        + "May, R. Stability and complexity of ecosystems in theory and at sea.");
    }

    @Test
    void keepsVersesApart() throws IOException {
        assertThat(read(
                        "|It was late, and nobody was asleep. What",
                        "|the keeper sang that whole night was this:",
                        "|Half a league, half a league",
                        "|Half a league onward",
                        "|All in the valley of Death",
                        "|Rode the six hundred"))
                .isEqualTo("It was late, and nobody was asleep. What the keeper sang that whole night was this:"
                        + " Half a league, half a league\nHalf a league onward\n"
                        + "All in the valley of Death\nRode the six hundred");
    }

    @Test
    void goesOnOverTheEndOfAPage() throws IOException {
        StringWriter text = new StringWriter();
        Paragraphs paragraphs = new Paragraphs(new Prose(text));
        paragraphs.write(page("|The barometer fell and the lamp was"));
        paragraphs.write(page("|burning by day. It was a long week."));
        paragraphs.write(page("|Then the oil was gone and they left."));
        paragraphs.end();

        assertThat(text)
                .hasToString("The barometer fell and the lamp was burning by day. It was a long week.\n\n"
                        + "Then the oil was gone and they left.");
    }

    @Test
    void takesNumbersAndRunningHeadsOffThePages() {
        PageEdges edges = new PageEdges();
        edges.trimmed(page("|The Storm 12", "|It was dark.", "|Page 12 of 90"));

        assertThat(edges.trimmed(page("|The Storm 13", "|13", "|1990", "|It was light.", "|Page 13 of 90")))
                .extracting(TextLine::text)
                .containsExactly("1990", "It was light.");
        assertThat(edges.trimmed(page("|42"))).extracting(TextLine::text).containsExactly("42");
    }

    @Test
    void survivesLinesThatWereMadeToExhaustIt() throws IOException {
        String dots = "|" + ". ".repeat(100_000) + "x";
        String hyphens = "|" + "a-".repeat(100_000);
        String letters = "|" + "a".repeat(200_000);

        assertThat(read(dots, hyphens, letters, dots)).hasSizeGreaterThan(800_000);
    }

    private static String read(String... drawn) throws IOException {
        StringWriter text = new StringWriter();
        Paragraphs paragraphs = new Paragraphs(new Prose(text));
        paragraphs.write(page(drawn));
        paragraphs.end();
        return text.toString();
    }

    /** Lines as drawn, every letter as wide as the next: spaces after the bar indent, an empty line is a gap. */
    private static List<TextLine> page(String... drawn) {
        List<TextLine> lines = new ArrayList<>();
        for (int i = 0; i < drawn.length; i++) {
            if (!drawn[i].isEmpty()) {
                String text = drawn[i].substring(1);
                String stripped = text.strip();
                lines.add(new TextLine(
                        stripped,
                        LETTER * (text.length() - stripped.length()),
                        LETTER * text.length(),
                        12 * i,
                        10,
                        LETTER * (stripped + " ").indexOf(' '),
                        false));
            }
        }
        return lines;
    }
}
