package io.github.lift4j.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TikaDocumentReaderTest {

    private static final String EXPECTED = """
            The Storm

            On the third day the barometer fell to 958 millibars.

            Inge wrote “no boat will cross” in the log.

            What she had:

            - three candles
            - one rope

            Day | Wind
            Monday | 9
            Tuesday | 11

            Then it was over.""";

    private static final String MARKUP = """
            <h1>The Storm</h1>
            <p>On the third day the
            barometer   fell to <b>958</b> millibars.</p>
            <p>Inge wrote “no boat will cross” in the log.</p><p>What she had:</p>
            <ul><li>three candles</li><li><p>one rope</p></li></ul>
            <table><tr><th>Day</th><th>Wind</th></tr><tr><td>Monday</td><td>9</td></tr>
            <tr><td><p>Tuesday</p></td><td><p>11</p></td></tr></table>
            <p>Then it was over.</p>""";

    @TempDir
    Path folder;

    @Test
    void readsHtml() throws IOException {
        byte[] page = SampleFiles.html(
                "<title>The Lighthouse Keeper</title><style>p { color: red }</style>",
                "<nav><a href='/'>Home</a></nav><script>track()</script>" + MARKUP);

        try (Document document = open("page.html", page)) {
            assertThat(text(document)).isEqualTo(EXPECTED);
            assertThat(document.title()).isEqualTo("The Lighthouse Keeper");
            assertThat(document.source()).isEqualTo("page.html");
        }
    }

    @Test
    void readsHtmlInTheCharsetItDeclares() throws IOException {
        byte[] page =
                "<html><head><meta charset='windows-1251'><title>Буря</title></head><body>Барометр упал.</body></html>"
                        .getBytes(Charset.forName("windows-1251"));

        try (Document document = open("page.html", page)) {
            assertThat(text(document)).isEqualTo("Барометр упал.");
            assertThat(document.title()).isEqualTo("Буря");
        }
    }

    @Test
    void keepsTheLinesOfPoemsAndPrograms() throws IOException {
        byte[] page = SampleFiles.html(
                "", "<p>Half a league,<br>half a league,<br><br>onward</p><pre>if (x)\n    y();\n</pre><p>End.</p>");

        try (Document document = open("page.html", page)) {
            assertThat(text(document))
                    .isEqualTo("Half a league,\nhalf a league,\n\nonward\n\nif (x)\n    y();\n\nEnd.");
        }
    }

    @Test
    void readsNumberedAndNestedLists() throws IOException {
        byte[] page = SampleFiles.html("", "<ol><li>one<ul><li>inner</li></ul></li><li>two</li></ol>");

        try (Document document = open("page.html", page)) {
            assertThat(text(document)).isEqualTo("1. one\n  - inner\n2. two");
        }
    }

    @Test
    void takesATableThatLaysAPageOutForWhatItIs() throws IOException {
        byte[] page = SampleFiles.html(
                "", "<table><tr><td></td><td><p>One.</p><p>Two.</p></td><td><p>Three.</p></td></tr></table>");

        try (Document document = open("page.html", page)) {
            assertThat(text(document)).isEqualTo("One.\n\nTwo.\n\nThree.");
        }
    }

    @Test
    void callsAPageWithoutATitleByItsHeading() throws IOException {
        try (Document document = open("page.html", SampleFiles.html("<title> </title>", MARKUP))) {
            assertThat(document.title()).isEqualTo("The Storm");
        }
        try (Document document = open("page.html", SampleFiles.html("<title>untitled.docx</title>", "<p>Text</p>"))) {
            assertThat(document.title()).isEqualTo("page");
        }
    }

    @Test
    void readsEpubInTheOrderOfItsSpine() throws IOException {
        String chapter =
                "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>%s</title></head><body>%s</body></html>";
        byte[] book =
                SampleFiles.epub(chapter.formatted("I", MARKUP), chapter.formatted("II", "<h1>The Calm</h1><p>Fog."));

        try (Document document = open("book.epub", book)) {
            assertThat(text(document)).isEqualTo(EXPECTED + "\n\nThe Calm\n\nFog.");
            assertThat(document.title()).isEqualTo("The Lighthouse Keeper");
        }
    }

    @Test
    void readsDocx() throws IOException {
        String body = SampleFiles.docxParagraph("The barometer fell.")
                + "<w:p><w:r><w:t xml:space='preserve'>It was </w:t></w:r><w:r><w:t>dark.</w:t></w:r></w:p>"
                + "<w:tbl><w:tr><w:tc>" + SampleFiles.docxParagraph("Day") + "</w:tc><w:tc>"
                + SampleFiles.docxParagraph("Wind") + "</w:tc></w:tr><w:tr><w:tc>" + SampleFiles.docxParagraph("Monday")
                + "</w:tc><w:tc>" + SampleFiles.docxParagraph("9") + "</w:tc></w:tr></w:tbl>"
                + SampleFiles.docxParagraph("Then it was over.");

        try (Document document = open("keeper.docx", SampleFiles.docx(body))) {
            assertThat(text(document)).isEqualTo("""
                    The barometer fell.

                    It was dark.

                    Day | Wind
                    Monday | 9

                    Then it was over.""");
            assertThat(document.title()).isEqualTo("The Lighthouse Keeper");
        }
    }

    @Test
    void readsOdt() throws IOException {
        String body = "<text:h text:outline-level='1'>The Storm</text:h><text:p>The barometer<text:s/>fell.</text:p>"
                + "<text:list><text:list-item><text:p>three candles</text:p></text:list-item></text:list>"
                + "<table:table><table:table-row><table:table-cell><text:p>Day</text:p></table:table-cell>"
                + "<table:table-cell><text:p>Wind</text:p></table:table-cell></table:table-row></table:table>"
                + "<text:p>Then it was over.</text:p>";

        try (Document document = open("keeper.odt", SampleFiles.odt("", body))) {
            assertThat(text(document)).isEqualTo("""
                    The Storm

                    The barometer fell.

                    - three candles

                    Day | Wind

                    Then it was over.""");
            assertThat(document.title()).isEqualTo("The Lighthouse Keeper");
        }
    }

    @Test
    void readsRtf() throws IOException {
        byte[] rtf =
                "{\\rtf1\\ansi{\\info{\\title The Lighthouse Keeper}}The barometer fell.\\par It was d\\'fcster.\\par}"
                        .getBytes(StandardCharsets.US_ASCII);

        try (Document document = open("keeper.rtf", rtf)) {
            assertThat(text(document)).isEqualTo("The barometer fell.\n\nIt was düster.");
            assertThat(document.title()).isEqualTo("The Lighthouse Keeper");
        }
    }

    @Test
    void readsPdfAsParagraphsThatGoOnOverThePage() throws IOException {
        byte[] pdf = SampleFiles.pdf(
                "The Lighthouse Keeper",
                List.of(
                        List.of(
                                "##The Storm",
                                "On the third day the barometer fell to 958 millibars, and the baro-",
                                "meter at the pier, which was a well-made one, had been broken by the",
                                "wind.",
                                "Inge wrote in the log that no boat would cross before the week was out, and",
                                "that the lamp",
                                "12"),
                        List.of("would have to burn by day as well, for as long as there was oil to feed it.", "13")));

        try (Document document = open("keeper.pdf", pdf)) {
            assertThat(text(document)).isEqualTo("""
                    The Storm

                    On the third day the barometer fell to 958 millibars, and the barometer at the pier, which was a \
                    well-made one, had been broken by the wind.

                    Inge wrote in the log that no boat would cross before the week was out, and that the lamp would \
                    have to burn by day as well, for as long as there was oil to feed it.""");
            assertThat(document.title()).isEqualTo("The Lighthouse Keeper");
        }
    }

    @Test
    void recognisesWhatAFileIsByItsContent() throws IOException {
        byte[] pdf = SampleFiles.pdf("The Lighthouse Keeper", List.of(List.of("The barometer fell.")));
        try (Document document = open("download", pdf)) {
            assertThat(text(document)).isEqualTo("The barometer fell.");
        }
        try (Document document = open("keeper.txt", pdf)) {
            assertThat(text(document)).isEqualTo("The barometer fell.");
        }
        try (Document document = Document.read(
                new ByteArrayInputStream(SampleFiles.docx(SampleFiles.docxParagraph("Dark."))), "standard input")) {
            assertThat(text(document)).isEqualTo("Dark.");
            assertThat(document.title()).isEqualTo("The Lighthouse Keeper");
        }
        try (Document document = open("notes.md", "<h1>Storm</h1>\n\n*Dark.*".getBytes(StandardCharsets.UTF_8))) {
            assertThat(text(document)).isEqualTo("<h1>Storm</h1>\n\n*Dark.*");
        }
        try (Document document = open("notes.rtf", "plain, whatever its name".getBytes(StandardCharsets.UTF_8))) {
            assertThat(text(document)).isEqualTo("plain, whatever its name");
        }
    }

    @Test
    void refusesWhatIsProtectedByAPassword() throws Exception {
        assertRefused(
                "secret.pdf",
                SampleFiles.pdfWithPassword("Secret", "open sesame", List.of(List.of("Hidden."))),
                "a password");

        try (POIFSFileSystem encrypted = new POIFSFileSystem()) {
            Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("open sesame");
            try (OutputStream out = encryptor.getDataStream(encrypted)) {
                out.write(SampleFiles.docx(SampleFiles.docxParagraph("Hidden.")));
            }
            assertRefused("secret.docx", bytes(encrypted), "a password");
        }
    }

    @Test
    void readsAPdfThatIsOnlyProtectedAgainstChanges() throws IOException {
        byte[] pdf = SampleFiles.pdfAgainstChanges("Open", List.of(List.of("Seen.")));
        try (Document document = open("open.pdf", pdf)) {
            assertThat(text(document)).isEqualTo("Seen.");
        }
    }

    @Test
    void refusesADocumentThatWasCutOff() throws IOException {
        byte[] book = SampleFiles.epub("<html><body>" + MARKUP.repeat(50) + "</body></html>");
        byte[] docx = SampleFiles.docx(SampleFiles.docxParagraph("Dark."));

        assertRefused("book.epub", Arrays.copyOf(book, book.length * 2 / 3), "an EPUB book but is damaged");
        assertRefused("keeper.docx", Arrays.copyOf(docx, docx.length - 100), "damaged");
        assertRefused(
                "keeper.pdf", "%PDF-1.7\nnothing more".getBytes(StandardCharsets.US_ASCII), "a PDF but is damaged");
    }

    @Test
    void readsAPageThatIsNestedWithoutEnd() throws IOException {
        try (Document document = open("deep.html", SampleFiles.html("", "<div>".repeat(20_000) + "deep"))) {
            assertThat(text(document)).isEqualTo("deep");
        }
    }

    @Test
    void readsAnEndlessPreformattedLineInReasonableTime() throws IOException {
        byte[] page = SampleFiles.html("", "<pre>a" + " ".repeat(2_000_000) + "b</pre>");
        try (Document document = open("page.html", page)) {
            assertThat(document.characters()).isEqualTo(2_000_002);
        }
    }

    @Test
    void refusesAPdfOfScannedPages() throws IOException {
        assertRefused("scan.pdf", SampleFiles.pdf("Scan", List.of(List.of())), "need text recognition first");
    }

    @Test
    void refusesAnArchiveThatIsNoDocument() throws IOException {
        assertRefused("photos.zip", SampleFiles.zip("", Map.of("a.txt", "text")), "convert it to plain text");
    }

    @Test
    void refusesAnArchiveThatExpandsWithoutEnd() throws IOException {
        String endless = "a".repeat(10_000_000);

        assertRefused("bomb.docx", SampleFiles.docx(SampleFiles.docxParagraph(endless)), "made to exhaust");
        assertRefused("bomb.odt", SampleFiles.odt("", "<text:p>" + endless + "</text:p>"), "made to exhaust");
        assertRefused("bomb.epub", SampleFiles.epub("<html><body>" + endless + "</body></html>"), "made to exhaust");
    }

    @Test
    void followsNoReferenceOutOfTheDocument() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "SECRET");
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(200);
            String web = "http://127.0.0.1:" + server.getLocalPort() + "/x";
            String declaration = "<!DOCTYPE x SYSTEM '" + web + ".dtd' [<!ENTITY local SYSTEM '" + secret.toUri()
                    + "'><!ENTITY remote SYSTEM '" + web + "'>]>";
            String page = "<html><head><link rel='stylesheet' href='" + web + "'></head><body><img src='" + web
                    + "'/><iframe src='" + web + "'></iframe>Dark. &local; &remote;</body></html>";

            for (Map.Entry<String, byte[]> file : Map.of(
                            "keeper.odt", SampleFiles.odt(declaration, "<text:p>Dark. &local; &remote;</text:p>"),
                            "keeper.epub", SampleFiles.epub(declaration + page),
                            "keeper.html", page.getBytes(StandardCharsets.UTF_8))
                    .entrySet()) {
                try (Document document = open(file.getKey(), file.getValue())) {
                    assertThat(text(document)).contains("Dark.").doesNotContain("SECRET");
                } catch (LiftException refused) {
                    assertThat(refused).hasMessageContaining(file.getKey()).hasMessageNotContaining("SECRET");
                }
            }
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void stopsWhenInterrupted() throws IOException {
        Path file = Files.write(folder.resolve("page.html"), SampleFiles.html("", MARKUP));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Document.open(file))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("interrupted");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsOrRefusesWhateverIsWrongWithAFile(Format format) throws IOException {
        byte[] whole = sample(format);
        Random random = new Random(7);
        for (int i = 0; i < 24; i++) {
            byte[] damaged = Arrays.copyOf(whole, i % 4 == 0 ? 1 + random.nextInt(whole.length) : whole.length);
            for (int k = 0; k < 1 + random.nextInt(20); k++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try (Document document = open("damaged", damaged)) {
                assertThat(document.characters()).isPositive();
            } catch (LiftException refused) {
                assertThat(refused).hasMessageContaining("\"damaged\"");
            }
        }
    }

    private static byte[] sample(Format format) {
        return switch (format) {
            case HTML -> SampleFiles.html("<title>Storm</title>", MARKUP);
            case PDF ->
                SampleFiles.pdf("Storm", List.of(List.of("##The Storm", "The barometer fell.", "It was dark.")));
            case EPUB -> SampleFiles.epub("<html><body>" + MARKUP + "</body></html>");
            case DOCX -> SampleFiles.docx(SampleFiles.docxParagraph("The barometer fell."));
            case ODT -> SampleFiles.odt("", "<text:p>The barometer fell.</text:p>");
            case RTF ->
                "{\\rtf1\\ansi{\\info{\\title Storm}}The barometer fell.\\par It was {\\b dark}.\\par}"
                        .getBytes(StandardCharsets.US_ASCII);
            // Nothing here writes a whole one; the container and the name of its stream are what it is recognised by.
            case DOC -> container("WordDocument", new byte[6000]);
        };
    }

    private static byte[] container(String stream, byte[] content) {
        try (POIFSFileSystem container = new POIFSFileSystem()) {
            container.createDocument(new ByteArrayInputStream(content), stream);
            return bytes(container);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(POIFSFileSystem container) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        container.writeFilesystem(bytes);
        return bytes.toByteArray();
    }

    private void assertRefused(String name, byte[] content, String saying) {
        assertThatThrownBy(() -> open(name, content).close())
                .isInstanceOf(LiftException.class)
                .message()
                .contains("\"" + name + "\"", saying)
                .doesNotContain("\n");
    }

    private Document open(String name, byte[] content) throws IOException {
        return Document.open(Files.write(folder.resolve(name), content));
    }

    private static String text(Document document) throws IOException {
        try (Reader reader = document.open()) {
            return reader.readAllAsString();
        }
    }
}
