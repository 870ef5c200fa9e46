package io.github.lift4j.documents;

import io.github.lift4j.document.DocumentReader;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.apache.tika.exception.TikaException;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.sax.SecureContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Extracts HTML, EPUB, DOCX, DOC, ODT and RTF through Apache Tika, and PDF through the PDFBox that Tika stands on.
 *
 * <p>Limits: {@value #MOST_CHARACTERS} characters of text; {@value #MOST_EXPANSION} times the size of a compressed
 * file; {@value #LARGEST_IN_MEMORY} bytes for HTML and DOC, whose parsers hold the whole file in memory. Attachments
 * and pictures are left alone.
 */
public final class TikaDocumentReader implements DocumentReader {

    private static final long MOST_CHARACTERS = 1L << 30;
    private static final long MOST_EXPANSION = 100;
    private static final int DEEPEST_ELEMENT = 1000;
    private static final long LARGEST_IN_MEMORY = 64L << 20;

    /** Made by {@link java.util.ServiceLoader}. */
    public TikaDocumentReader() {}

    @Override
    public Set<String> mediaTypes() {
        return Arrays.stream(Format.values())
                .flatMap(format -> format.mediaTypes().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Optional<String> recognise(Path file, String name) throws IOException {
        return Format.of(file, name).map(format -> format.mediaTypes().getFirst());
    }

    @Override
    public Optional<String> extract(Path file, String name, Writer text) throws IOException {
        Format format = Format.of(file, name)
                .orElseThrow(() -> new LiftException("\"" + name + "\" is no document that can be extracted."));
        if ((format == Format.HTML || format == Format.DOC) && Files.size(file) > LARGEST_IN_MEMORY) {
            throw new LiftException("\"" + name + "\" is too large for " + format.words() + " (more than "
                    + LARGEST_IN_MEMORY + " bytes): convert it to plain text first.");
        }
        Prose prose = new Prose(text);
        if (format == Format.PDF) {
            return PdfText.extract(file, name, prose).flatMap(MetadataTitle::of);
        }
        if (format.isZip()) {
            checkWhole(format, file, name);
        }
        MarkupHandler markup = new MarkupHandler(prose, format.isMarkup());
        Metadata metadata = new Metadata();
        parse(format, file, name, markup, metadata);
        return MetadataTitle.of(metadata.get(TikaCoreProperties.TITLE)).or(markup::firstHeading);
    }

    /** Tika saves what it can of an archive that was cut off, and half a book would be learned as a whole one. */
    private static void checkWhole(Format format, Path file, String name) {
        try {
            new ZipFile(file.toFile()).close();
        } catch (IOException e) {
            throw Failure.damaged(format, name, e);
        }
    }

    private static void parse(Format format, Path file, String name, ContentHandler handler, Metadata metadata)
            throws IOException {
        try (TikaInputStream stream = TikaInputStream.get(file)) {
            SecureContentHandler secure = new SecureContentHandler(new Guard(handler, name, MOST_CHARACTERS), stream);
            secure.setMaximumCompressionRatio(MOST_EXPANSION);
            secure.setMaximumDepth(DEEPEST_ELEMENT);
            try {
                Parsers.of(format).parse(stream, secure, metadata, Parsers.context());
            } catch (IOException | SAXException | TikaException | RuntimeException | StackOverflowError e) {
                throw Failure.of(format, name, secure, e);
            }
        }
    }
}
