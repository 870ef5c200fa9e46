package io.github.lift4j.documents;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.tika.detect.microsoft.POIFSContainerDetector;
import org.apache.tika.detect.microsoft.ooxml.OPCPackageDetector;
import org.apache.tika.detect.zip.DefaultZipContainerDetector;
import org.apache.tika.detect.zip.OpenDocumentDetector;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;

/** The formats that are extracted, each recognised by its content. */
enum Format {
    HTML("an HTML page", "text/html", "application/xhtml+xml"),
    PDF("a PDF", "application/pdf"),
    EPUB("an EPUB book", "application/epub+zip"),
    DOCX(
            "a Word document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
            "application/vnd.ms-word.document.macroenabled.12"),
    DOC("an old Word document", "application/msword"),
    ODT(
            "an OpenDocument text",
            "application/vnd.oasis.opendocument.text",
            "application/vnd.oasis.opendocument.text-template"),
    RTF("an RTF document", "application/rtf");

    private static final MediaType OLE2 = MediaType.application("x-tika-msoffice");
    private static final MediaType PROTECTED = MediaType.application("x-tika-ooxml-protected");
    private static final List<String> HTML_NAMES = List.of(".html", ".htm", ".xhtml");

    private final String words;
    private final List<String> mediaTypes;

    Format(String words, String... mediaTypes) {
        this.words = words;
        this.mediaTypes = List.of(mediaTypes);
    }

    /** What a person calls it, with its article. */
    String words() {
        return words;
    }

    /** Whether line ends in its text mean nothing, being those of a source that a person or a program typed. */
    boolean isMarkup() {
        return this == HTML || this == EPUB;
    }

    boolean isZip() {
        return this == EPUB || this == DOCX || this == ODT;
    }

    List<String> mediaTypes() {
        return mediaTypes;
    }

    /**
     * Recognises a file. Its name decides only where the content leaves it open: a page that starts without any of
     * HTML's own words is one by its name.
     */
    static Optional<Format> of(Path file, String name) throws IOException {
        try (TikaInputStream stream = TikaInputStream.get(file)) {
            Optional<Format> byContent = ofMediaType(mediaType(stream));
            if (byContent.isEmpty() && hasEnding(name, HTML_NAMES) && isTextual(stream)) {
                return Optional.of(HTML);
            }
            return byContent;
        }
    }

    private static MediaType mediaType(TikaInputStream stream) throws IOException {
        MediaType byMagic = magic(stream);
        // A container says by its first bytes only that it is one; what it holds says which format it is.
        if (byMagic.equals(OLE2)) {
            MediaType inside = new POIFSContainerDetector().detect(stream, new Metadata());
            // What is inside cannot be known without the password; the old format's parser is the one that says so.
            return inside.equals(PROTECTED) ? ofName(DOC) : inside;
        }
        if (byMagic.equals(MediaType.APPLICATION_ZIP) || byMagic.getSubtype().equals("x-tika-ooxml")) {
            return new DefaultZipContainerDetector(List.of(new OPCPackageDetector(), new OpenDocumentDetector()))
                    .detect(stream, new Metadata());
        }
        return byMagic;
    }

    private static MediaType magic(TikaInputStream stream) throws IOException {
        return MimeTypes.getDefaultMimeTypes().detect(stream, new Metadata());
    }

    private static boolean isTextual(TikaInputStream stream) throws IOException {
        MediaType type = magic(stream);
        return type.getType().equals("text") || type.getSubtype().endsWith("xml");
    }

    private static MediaType ofName(Format format) {
        return MediaType.parse(format.mediaTypes.getFirst());
    }

    private static Optional<Format> ofMediaType(MediaType type) {
        String plain = type.getBaseType().toString();
        return Arrays.stream(values())
                .filter(format -> format.mediaTypes.contains(plain))
                .findFirst();
    }

    private static boolean hasEnding(String name, List<String> endings) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(lowerCase::endsWith);
    }
}
