package io.github.lift4j.document;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A text to be absorbed: streamed as often as wanted, never held in memory as a whole, and named by a title that can
 * stand in a prompt.
 *
 * <p>A plain text or Markdown file is read in place, so it must stay where it is, unchanged, while the document is
 * open; a change is noticed and refused. What had to be extracted, or came through a stream, lies in a temporary UTF-8
 * file that the document owns and {@link #close()} deletes. Every document's lines end in {@code \n}.
 *
 * <p>Text files are UTF-8, or what their byte-order mark says (UTF-8, UTF-16, UTF-32). A file that is not UTF-8 is read
 * as windows-1252 where that is safe: no part of it is UTF-8, and its accented letters are as rare as in Western
 * languages. Anything else is refused with the offset of the first bad byte, because a text decoded wrongly would be
 * learned wrongly.
 *
 * <p>Immutable; every {@link #open()} is independent, so several threads may read at once. All methods that read throw
 * {@link LiftException} with one sentence for what cannot be read, and stop soon after their thread is interrupted.
 */
public final class Document implements AutoCloseable {

    private final String title;
    private final String source;
    private final TextSource text;
    private final TextFacts facts;
    private final List<Runnable> release;

    Document(String title, String source, TextSource text, TextFacts facts, List<Runnable> release) {
        this.title = title;
        this.source = source;
        this.text = text;
        this.facts = facts;
        this.release = List.copyOf(release);
    }

    /**
     * Opens a file: plain text and Markdown as they stand, other formats through the {@link DocumentReader}s on the
     * class path. A pipe or a device is read to its end first.
     */
    public static Document open(Path file) {
        return DocumentOpener.installed().open(file);
    }

    /** The same with what has to be extracted in a folder of the caller's instead of the system's for temporary files. */
    public static Document open(Path file, Path temporaryFolder) {
        return DocumentOpener.installed(temporaryFolder).open(file);
    }

    /**
     * Opens files and {@linkplain #join joins} them in the order given. Where one cannot be read, those already open
     * are closed again.
     */
    public static Document openAll(List<Path> files) {
        List<Document> opened = new ArrayList<>();
        try {
            files.forEach(file -> opened.add(open(file)));
            return join(opened);
        } catch (RuntimeException | Error e) {
            opened.forEach(Document::close);
            throw e;
        }
    }

    /**
     * Reads a stream to its end into a temporary file and opens that; the format is recognised by content.
     *
     * @param stream what to read, such as standard input; not closed
     * @param name what to call the source, such as "standard input"; the title too, where the content has none
     */
    public static Document read(InputStream stream, String name) {
        return DocumentOpener.installed().read(stream, name);
    }

    /**
     * A document whose text was extracted elsewhere.
     *
     * @param source where it came from, for display
     * @param text a UTF-8 file with lines that end in {@code \n}
     * @param release what {@link #close()} does
     */
    public static Document extracted(String title, String source, Path text, Runnable release) {
        return DocumentOpener.extracted(title, source, text, List.of(release));
    }

    /** A document whose text is at hand. */
    public static Document of(String title, String text) {
        TextSource held = new TextSource.Held(text.replace("\r\n", "\n").replace('\r', '\n'));
        String tidy = Title.tidy(title);
        return DocumentOpener.assembled(tidy.isEmpty() ? "document" : tidy, title, held, List.of());
    }

    /**
     * Makes one document of several, which the result then owns. It begins with the list of titles, and each part is
     * introduced by its title, so that a model can tell the parts apart. A single document is returned as it is.
     */
    public static Document join(List<Document> documents) {
        if (documents.isEmpty()) {
            throw new LiftException("No document was given: name at least one file to read.");
        }
        if (documents.size() == 1) {
            return documents.getFirst();
        }
        List<String> titles = documents.stream().map(Document::title).toList();
        List<TextSource> parts = new ArrayList<>();
        parts.add(new TextSource.Held(contents(titles)));
        for (int i = 0; i < documents.size(); i++) {
            parts.add(new TextSource.Held("\n\nDocument " + (i + 1) + ": " + titles.get(i) + "\n\n"));
            parts.add(documents.get(i).text);
        }
        String source =
                String.join(", ", documents.stream().map(Document::source).toList());
        List<Runnable> release =
                documents.stream().<Runnable>map(document -> document::close).toList();
        return DocumentOpener.assembled(Title.ofMany(titles), source, new TextSource.Joined(parts), release);
    }

    /** A name for people and prompts: from the metadata, else the first heading, else the file name; never empty. */
    public String title() {
        return title;
    }

    /** Where the text came from, for display: the file's name, or the name the stream was given. */
    public String source() {
        return source;
    }

    /** Length of the text in UTF-16 units. */
    public long characters() {
        return facts.characters();
    }

    /** SHA-256 of the text in UTF-8, in lower-case hexadecimal: the same text has the same hash in every format. */
    public String sha256() {
        return facts.sha256();
    }

    /**
     * Streams the text from its start. The caller closes the reader; its methods throw {@link IOException} where the
     * file went away while it was read.
     */
    public Reader open() {
        try {
            return text.open();
        } catch (IOException e) {
            throw new LiftException("Reading \"" + source + "\" again failed: " + DocumentOpener.reason(e) + ".", e);
        }
    }

    /** Deletes the temporary file, if there is one. */
    @Override
    public void close() {
        release.forEach(Runnable::run);
    }

    @Override
    public String toString() {
        return title + " (" + source + ", " + characters() + " characters)";
    }

    private static String contents(List<String> titles) {
        StringBuilder list = new StringBuilder("This collection holds " + titles.size() + " documents:\n");
        IntStream.range(0, titles.size())
                .forEach(i ->
                        list.append(i + 1).append(". ").append(titles.get(i)).append('\n'));
        return list.toString();
    }
}
