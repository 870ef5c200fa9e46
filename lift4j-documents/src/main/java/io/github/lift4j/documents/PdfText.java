package io.github.lift4j.documents;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.io.RandomAccessRead;
import org.apache.pdfbox.io.RandomAccessReadBufferedFile;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;

/**
 * Extracts PDFs page by page, with PDFBox itself: Tika's own handler over it keeps nothing of where lines stand, and
 * without that every line of many a PDF becomes a paragraph.
 */
final class PdfText {

    /** What PDFBox keeps of decoded streams in memory; the rest goes to a temporary file. */
    private static final long MAIN_MEMORY = 16L << 20;

    private PdfText() {}

    /** Writes the text and gives back the title in the metadata. */
    static Optional<String> extract(Path file, String name, Prose prose) throws IOException {
        try (PDDocument document = open(file, name)) {
            PageReader reader = new PageReader(name);
            PageEdges edges = new PageEdges();
            Paragraphs paragraphs = new Paragraphs(prose);
            for (int page = 1; page <= document.getNumberOfPages(); page++) {
                if (Thread.currentThread().isInterrupted()) {
                    throw Failure.interrupted(name);
                }
                paragraphs.write(edges.trimmed(lines(reader, document, page, name)));
            }
            paragraphs.end();
            return Optional.ofNullable(document.getDocumentInformation().getTitle());
        }
    }

    private static PDDocument open(Path file, String name) throws IOException {
        RandomAccessRead source = new RandomAccessReadBufferedFile(file);
        try {
            return Loader.loadPDF(source, "", null, null, MemoryUsageSetting.setupMixed(MAIN_MEMORY).streamCache);
        } catch (InvalidPasswordException e) {
            source.close();
            throw Failure.encrypted(name, e);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw Failure.damaged(Format.PDF, name, e);
        } catch (StackOverflowError e) {
            source.close();
            throw Failure.bomb(name, e);
        }
    }

    private static List<TextLine> lines(PageReader reader, PDDocument document, int page, String name) {
        try {
            return reader.lines(document, page);
        } catch (LiftException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw Failure.damaged(Format.PDF, name, e);
        } catch (StackOverflowError e) {
            throw Failure.bomb(name, e);
        }
    }
}
