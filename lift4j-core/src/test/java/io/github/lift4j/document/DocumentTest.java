package io.github.lift4j.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lift4j.engine.LiftException;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentTest {

    @TempDir
    Path folder;

    @Test
    void streamsAPlainTextAsOftenAsWanted() throws IOException {
        try (Document document = Document.open(file("Gap notes.txt", "One.\n\nTwo: naïve 𝄞.\n"))) {
            assertThat(text(document)).isEqualTo("One.\n\nTwo: naïve 𝄞.\n");
            assertThat(text(document)).isEqualTo("One.\n\nTwo: naïve 𝄞.\n");
            assertThat(document.title()).isEqualTo("Gap notes");
            assertThat(document.source()).isEqualTo("Gap notes.txt");
            assertThat(document.characters()).isEqualTo(21);
        }
    }

    @Test
    void hashesTheTextAsUtf8() {
        // printf abc | sha256sum
        assertThat(Document.of("t", "abc").sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8,EFBBBF", "UTF-16LE,FFFE", "UTF-16BE,FEFF", "UTF-32LE,FFFE0000", "UTF-32BE,0000FEFF"})
    void readsWhatTheByteOrderMarkSays(String charset, String mark) throws IOException {
        byte[] body = "Ein Œuvre: 東京 𝄞".getBytes(Charset.forName(charset));
        byte[] head = HexFormat.of().parseHex(mark);
        byte[] bytes = new byte[head.length + body.length];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(body, 0, bytes, head.length, body.length);

        try (Document document = Document.open(file("marked.txt", bytes));
                Document plain = Document.of("plain", "Ein Œuvre: 東京 𝄞")) {
            assertThat(text(document)).isEqualTo("Ein Œuvre: 東京 𝄞");
            assertThat(document.sha256()).isEqualTo(plain.sha256());
        }
    }

    @Test
    void endsAllLinesAlike() throws IOException {
        try (Document document = Document.open(file("dos.txt", "a\r\nb\rc\n\r\n\rd\r"))) {
            assertThat(text(document)).isEqualTo("a\nb\nc\n\n\nd\n");
        }
    }

    @Property(tries = 200)
    void streamsAnyTextUnchangedWhateverTheSizeOfTheReads(@ForAll String any) throws IOException {
        String content = "x" + any.replace("\u0000", "").replaceAll("\\p{Cs}", "");
        Path file = Files.createTempFile("any", ".txt");
        try {
            Files.writeString(file, content);
            try (Document document = Document.open(file);
                    Reader reader = document.open()) {
                StringBuilder read = new StringBuilder();
                char[] three = new char[3];
                for (int count = reader.read(three); count >= 0; count = reader.read(three)) {
                    read.append(three, 0, count);
                }
                assertThat(read.toString())
                        .isEqualTo(content.replace("\r\n", "\n").replace('\r', '\n'));
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void readsAWesternFileThatIsNotUtf8() throws IOException {
        String french = "L’été, à la fenêtre, « rien » ne bougeait — même les œillets.\n".repeat(50);
        try (Document document = Document.open(file("old.txt", french.getBytes(Charset.forName("windows-1252"))))) {
            assertThat(text(document)).isEqualTo(french);
        }
    }

    @Test
    void namesTheDamagedByteOfAUtf8File() throws IOException {
        byte[] bytes = "Grün ist das Gras, und dann kommt das Ende.".getBytes(StandardCharsets.UTF_8);
        bytes[30] = (byte) 0xFF;

        assertRefused(file("damaged.txt", bytes), "\"damaged.txt\" is not valid UTF-8 text at byte 30");
    }

    @Test
    void refusesAnotherAlphabetRatherThanLearnGibberish() throws IOException {
        byte[] russian = "Все счастливые семьи похожи друг на друга.".getBytes(Charset.forName("KOI8-R"));

        assertRefused(file("karenina.txt", russian), "not valid UTF-8 text at byte 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "notes.md|intro\\n\\n## The *Long* Winter ##\\n\\ntext|The *Long* Winter",
                "notes.md|The Long Winter\\n===\\ntext|The Long Winter",
                "notes.md|---\\nauthor: x\\ntitle: \"A Winter\"\\n---\\n# Other\\n|A Winter",
                "notes.md|---\\nauthor: x\\n---\\n# Other\\n|Other",
                "notes.markdown|```\\n# not this\\n```\\n# This\\n|This",
                "field notes.md|no heading|field notes",
                "notes.txt|# not Markdown|notes",
                ".txt|nameless|.txt"
            })
    void isCalledWhatAPersonWouldCallIt(String name, String content, String title) throws IOException {
        try (Document document = Document.open(file(name, content.replace("\\n", "\n")))) {
            assertThat(document.title()).isEqualTo(title);
        }
    }

    /** One of BAMBOO's reports has a NUL in a word. */
    @Test
    void takesTextThatIsAtHandAsItIs() throws IOException {
        try (Document document = Document.of("report", "in\0vention");
                Reader reader = document.open()) {
            assertThat(reader.readAllAsString()).isEqualTo("in\0vention");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t \r\n", "\uFEFF", "\u00A0\u3000"})
    void refusesAnEmptyFile(String nothing) throws IOException {
        assertRefused(file("empty.txt", nothing), "nothing to absorb in it");
    }

    @Test
    void refusesABinaryFile() throws IOException {
        assertRefused(
                file("photo.txt", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 1}), "\"photo.txt\" is a binary file");
        assertRefused(file("late.txt", "x".repeat(100_000) + "\0"), "\"late.txt\" is a binary file");
    }

    @ParameterizedTest
    @CsvSource({
        "a.pdf,%PDF-1.7,a PDF",
        "a.rtf,{\\rtf1,an RTF",
        "a.html,<p>hi</p>,an HTML page",
        "a.docx,PK\3\4rest,a ZIP"
    })
    void saysWhatItTakesToReadAFormatThatNoReaderIsInstalledFor(String name, String content, String format)
            throws IOException {
        assertRefused(file(name, content), "\"" + name + "\" is " + format, "add lift4j-documents");
    }

    @Test
    void refusesAFolderAndAMissingFile() {
        assertRefused(folder, "is a folder");
        assertRefused(folder.resolve("none.txt"), "There is no file");
    }

    @Test
    void refusesAFileItMayNotRead() throws IOException {
        Path file = file("secret.txt", "secret");
        assumeThat(file.toFile().setReadable(false)).isTrue();
        assumeThat(Files.isReadable(file)).as("a superuser reads everything").isFalse();

        assertRefused(file, "may not be read");
    }

    @Test
    void noticesThatTheFileWasChangedSinceItWasOpened() throws IOException {
        Path file = file("notes.txt", "first version");
        try (Document document = Document.open(file)) {
            Files.writeString(file, "second, longer version");
            assertThatThrownBy(document::open)
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("changed since it was opened");
        }
    }

    @Test
    void readsAStreamThroughATemporaryFileAndLeavesNoneBehind() throws IOException {
        DocumentOpener opener = new DocumentOpener(List.of(), folder);
        Document document = opener.read(stream("from a pipe"), "standard input");
        assertThat(document.title()).isEqualTo("standard input");
        assertThat(text(document)).isEqualTo("from a pipe");
        assertThat(text(document)).isEqualTo("from a pipe");
        assertThat(folder).isNotEmptyDirectory();
        document.close();
        assertThat(folder).isEmptyDirectory();

        assertThatThrownBy(() -> opener.read(InputStream.nullInputStream(), "standard input"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("\"standard input\" is empty");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void extractsThroughAReaderIntoATemporaryFile() throws IOException {
        DocumentOpener opener = new DocumentOpener(List.of(new Shouting()), folder);
        try (Document document = opener.read(stream("SHOUT hello"), "standard input")) {
            assertThat(text(document)).isEqualTo("SHOUT HELLO");
            assertThat(document.title()).isEqualTo("A shout");
            assertThat(folder).isDirectoryContaining("glob:**.txt");
        }
        assertThat(folder).isEmptyDirectory();

        assertThatThrownBy(() -> opener.read(stream("SHOUT too loud"), "standard input"))
                .isInstanceOf(LiftException.class)
                .hasMessage("too loud");
        assertThatThrownBy(() -> opener.read(stream("SHOUT broken"), "standard input"))
                .isInstanceOf(LiftException.class)
                .hasMessage("Reading \"standard input\" failed: hoarse.");
        assertThat(folder).isEmptyDirectory();
    }

    private static final class Shouting implements DocumentReader {
        @Override
        public Set<String> mediaTypes() {
            return Set.of("text/shout");
        }

        @Override
        public Optional<String> recognise(Path file, String name) throws IOException {
            return Files.readString(file).startsWith("SHOUT") ? Optional.of("text/shout") : Optional.empty();
        }

        @Override
        public Optional<String> extract(Path file, String name, Writer text) throws IOException {
            String content = Files.readString(file);
            if (content.endsWith("too loud")) {
                throw new LiftException("too loud");
            }
            text.write(content.toUpperCase(Locale.ROOT));
            if (content.endsWith("broken")) {
                throw new IOException("hoarse");
            }
            return Optional.of(" A\n shout ");
        }
    }

    @Test
    void joinsDocumentsEachIntroducedByItsTitle() throws IOException {
        try (Document joined = Document.openAll(
                List.of(file("a.txt", "Alpha.\n"), file("b.md", "# Bees\n\nBuzz.\n"), file("c.txt", "Gamma.")))) {
            assertThat(joined.title()).isEqualTo("a, Bees and c");
            assertThat(joined.source()).isEqualTo("a.txt, b.md, c.txt");
            assertThat(text(joined)).isEqualTo("""
                    This collection holds 3 documents:
                    1. a
                    2. Bees
                    3. c


                    Document 1: a

                    Alpha.


                    Document 2: Bees

                    # Bees

                    Buzz.


                    Document 3: c

                    Gamma.""");
            assertThat(joined.sha256())
                    .isEqualTo(Document.of("copy", text(joined)).sha256());
        }
    }

    @Test
    void joinsOneDocumentToItselfAndNoneNotAtAll() {
        Document only = Document.of("only", "text");
        assertThat(Document.join(List.of(only))).isSameAs(only);
        assertThatThrownBy(() -> Document.join(List.of()))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("No document was given");
    }

    @Test
    void ownsTheDocumentsItWasJoinedFrom() {
        DocumentOpener opener = new DocumentOpener(List.of(), folder);
        Document joined = Document.join(List.of(opener.read(stream("one"), "one"), opener.read(stream("two"), "two")));
        assertThat(folder).isNotEmptyDirectory();
        joined.close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void stopsWhenInterrupted() throws IOException {
        Path file = file("notes.txt", "text");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Document.open(file))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("it was interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void streamsFiftyMegabytesInAFewOfHeap() throws IOException {
        Path file = folder.resolve("long.txt");
        String line = "The river of Arvandel rose on the third day, and the surveyors counted forty boats.\n";
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < 50_000_000 / line.length(); i++) {
                writer.write(line);
            }
        }
        // The allocation of the thread bounds what can have been in the heap at once, whatever the collector did.
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long characters = 0;
        try (Document document = Document.open(file);
                Reader reader = document.open()) {
            char[] buffer = new char[8192];
            for (int count = reader.read(buffer); count >= 0; count = reader.read(buffer)) {
                characters += count;
            }
            assertThat(characters).isEqualTo(document.characters()).isEqualTo(Files.size(file));
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4L << 20);
    }

    private static void assertRefused(Path file, String... saying) {
        assertThatThrownBy(() -> Document.open(file))
                .isInstanceOf(LiftException.class)
                .message()
                .contains(saying)
                .doesNotContain("\n");
    }

    private static InputStream stream(String content) {
        return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String name, String content) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static String text(Document document) throws IOException {
        try (Reader reader = document.open()) {
            return reader.readAllAsString();
        }
    }
}
