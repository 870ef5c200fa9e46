package io.github.lift4j.server.work;

import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** What runs in a {@link DocumentProcess}: writes a document's text and title, or why there are none, into a folder. */
final class DocumentReading {

    private static final long LONGEST_STRETCH = 1_000_000;

    static final String BEGUN = "begun";
    static final String TEXT = "text";
    static final String TITLE = "title";
    static final String REFUSED = "refused";

    private DocumentReading() {}

    /** @param arguments the document and the folder */
    public static void main(String[] arguments) throws IOException {
        Thread.ofPlatform().daemon().name("parent").start(DocumentReading::goWithTheParent);
        Path folder = Path.of(arguments[1]);
        Files.createFile(folder.resolve(BEGUN));
        try (Document document = Document.open(Path.of(arguments[0]), folder)) {
            try (Reader text = document.open();
                    Writer out = Files.newBufferedWriter(folder.resolve(TEXT))) {
                copy(text, out);
            }
            Files.writeString(folder.resolve(TITLE), document.title());
        } catch (LiftException e) {
            Files.writeString(folder.resolve(REFUSED), String.valueOf(e.getMessage()));
        }
        // Threads that a parser left behind must not keep the process.
        Runtime.getRuntime().halt(0);
    }

    /**
     * Copies a text.
     *
     * @throws LiftException where words or gaps in it have no end, which nothing that cuts it into tokens could bear
     */
    private static void copy(Reader text, Writer out) throws IOException {
        char[] buffer = new char[1 << 16];
        long stretch = 0;
        boolean gap = false;
        for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
            for (int i = 0; i < count; i++) {
                boolean now = Character.isWhitespace(buffer[i]);
                stretch = now == gap ? stretch + 1 : 1;
                gap = now;
                if (stretch > LONGEST_STRETCH) {
                    throw new LiftException("The document has a word or a gap of more than " + LONGEST_STRETCH
                            + " characters, which no real one has: give it line breaks.");
                }
            }
            out.write(buffer, 0, count);
        }
    }

    /** Nothing is ever written to this process: its input ends when the service does, however that ends. */
    private static void goWithTheParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(1);
    }
}
