package io.github.lift4j.document;

import io.github.lift4j.engine.LiftException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Turns files and streams into documents: asks the readers first, takes the rest as plain text, refuses what is
 * neither.
 */
final class DocumentOpener {

    private final List<DocumentReader> readers;
    private final Path temporaryFolder;

    DocumentOpener(List<DocumentReader> readers, Path temporaryFolder) {
        this.readers = List.copyOf(readers);
        this.temporaryFolder = temporaryFolder;
    }

    /** Looked up at each use: what is installed belongs to the caller's class loader, not to a static field. */
    static DocumentOpener installed() {
        return installed(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** The same with temporary files elsewhere. */
    static DocumentOpener installed(Path temporaryFolder) {
        List<DocumentReader> readers = ServiceLoader.load(DocumentReader.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return new DocumentOpener(readers, temporaryFolder);
    }

    Document open(Path file) {
        String name = Optional.ofNullable(file.getFileName()).orElse(file).toString();
        if (Files.isDirectory(file)) {
            throw new LiftException("\"" + file + "\" is a folder: name the documents in it one by one.");
        }
        if (Files.notExists(file)) {
            throw new LiftException("There is no file \"" + file + "\": check its name and folder.");
        }
        if (!Files.isReadable(file)) {
            throw new LiftException("\"" + file + "\" may not be read: give yourself permission to read it.");
        }
        try {
            if (!Files.isRegularFile(file)) {
                try (InputStream stream = Files.newInputStream(file)) {
                    return read(stream, name);
                }
            }
            return open(file, name, List.of());
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    Document read(InputStream stream, String name) {
        TemporaryFile spool = TemporaryFile.create(temporaryFolder);
        try {
            try (OutputStream out = Files.newOutputStream(spool.path())) {
                copy(stream, out);
            }
            return open(spool.path(), name, List.of(spool::delete));
        } catch (IOException e) {
            spool.delete();
            throw failed(name, e);
        } catch (RuntimeException | Error e) {
            spool.delete();
            throw e;
        }
    }

    private Document open(Path file, String name, List<Runnable> release) throws IOException {
        byte[] head = Heads.read(file);
        if (head.length == 0) {
            throw new LiftException("\"" + name + "\" is empty: there is nothing to absorb in it.");
        }
        if (Heads.isNamedText(head, name)) {
            return plainText(file, name, head, release);
        }
        for (DocumentReader reader : readers) {
            if (reader.recognise(file, name).isPresent()) {
                Document document = extract(reader, file, name);
                release.forEach(Runnable::run);
                return document;
            }
        }
        return plainText(file, name, head, release);
    }

    private Document extract(DocumentReader reader, Path file, String name) throws IOException {
        TemporaryFile spool = TemporaryFile.create(temporaryFolder);
        try {
            Optional<String> title;
            try (Writer text = new BufferedWriter(Files.newBufferedWriter(spool.path()), 1 << 16)) {
                title = reader.extract(file, name, text);
            }
            return examined(
                    title.map(Title::tidy).filter(found -> !found.isEmpty()).orElseGet(() -> Title.ofFile(name)),
                    name,
                    TextSource.InFile.of(spool.path(), TextEncoding.UTF_8),
                    List.of(spool::delete));
        } catch (IOException | RuntimeException | Error e) {
            spool.delete();
            throw e;
        }
    }

    private Document plainText(Path file, String name, byte[] head, List<Runnable> release) throws IOException {
        Heads.documentFormat(head, name).ifPresent(format -> {
            throw new LiftException("\"" + name + "\" is " + format + " that cannot be read here: "
                    + (readers.isEmpty() ? "add lift4j-documents to the class path, or convert" : "convert")
                    + " it to plain text.");
        });
        TextEncoding encoding = TextEncoding.byMark(head);
        if (!encoding.marked() && new String(head, StandardCharsets.ISO_8859_1).indexOf(0) >= 0) {
            throw binary(name);
        }
        TextSource.InFile text = TextSource.InFile.of(file, encoding);
        try {
            return plainText(text, name, release);
        } catch (TextReader.Malformed e) {
            if (!encoding.marked() && TextEncoding.isWestern(file)) {
                return plainText(TextSource.InFile.of(file, TextEncoding.WINDOWS_1252), name, release);
            }
            throw new LiftException(
                    "\"" + name + "\" is not valid " + encoding.label() + " text at byte " + e.offset()
                            + ": save it as UTF-8, or if it is not text at all, convert it to text first.",
                    e);
        }
    }

    private static Document plainText(TextSource.InFile text, String name, List<Runnable> release) throws IOException {
        Optional<String> heading = Optional.empty();
        if (Title.isMarkdown(name)) {
            try (Reader reader = text.open()) {
                heading = Title.ofMarkdown(reader);
            }
        }
        return examined(heading.orElseGet(() -> Title.ofFile(name)), name, text, release);
    }

    /** A document made of text that is at hand, or of other documents. */
    static Document assembled(String title, String source, TextSource text, List<Runnable> release) {
        try {
            return made(title, source, text, facts(text), release);
        } catch (IOException e) {
            throw failed(source, e);
        }
    }

    /** A document whose text lies in a UTF-8 file. */
    static Document extracted(String title, String source, Path text, List<Runnable> release) {
        try {
            return examined(title, source, TextSource.InFile.of(text, TextEncoding.UTF_8), release);
        } catch (IOException e) {
            throw failed(source, e);
        }
    }

    /** Reads the whole text of a file once, and makes it a document where it is one. */
    private static Document examined(String title, String source, TextSource text, List<Runnable> release)
            throws IOException {
        TextFacts facts = facts(text);
        if (facts.firstNul() >= 0) {
            throw binary(source);
        }
        return made(title, source, text, facts, release);
    }

    private static TextFacts facts(TextSource text) throws IOException {
        try (Reader reader = text.open()) {
            return TextFacts.of(reader);
        }
    }

    private static Document made(
            String title, String source, TextSource text, TextFacts facts, List<Runnable> release) {
        if (facts.blank()) {
            throw new LiftException("\"" + source + "\" holds no text: there is nothing to absorb in it"
                    + " (scanned pages need text recognition first).");
        }
        return new Document(title, source, text, facts, release);
    }

    /** Why a file operation failed, without the path that some exceptions carry alone. */
    static String reason(IOException e) {
        return switch (e) {
            case ClosedByInterruptException _, InterruptedIOException _ -> "it was interrupted";
            case NoSuchFileException _ -> "the file is gone";
            case AccessDeniedException _ -> "permission was denied";
            case FileSystemException fileSystem when fileSystem.getReason() != null -> fileSystem.getReason();
            default -> Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
        };
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException();
            }
            to.write(buffer, 0, count);
        }
    }

    private static LiftException binary(String name) {
        return new LiftException("\"" + name
                + "\" is a binary file, not text: give a text, HTML, PDF, EPUB, DOCX or ODT" + " document instead.");
    }

    private static LiftException failed(String name, IOException e) {
        return new LiftException("Reading \"" + name + "\" failed: " + reason(e) + ".", e);
    }
}
