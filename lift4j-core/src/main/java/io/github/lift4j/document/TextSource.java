package io.github.lift4j.document;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Where a document's text comes from each time it is opened. */
sealed interface TextSource {

    /** Streams the text from its start; the caller closes the reader. */
    Reader open() throws IOException;

    /** A text given as a string. */
    record Held(String text) implements TextSource {
        @Override
        public Reader open() {
            return new StringReader(text);
        }
    }

    /**
     * A text file. Its size and time are remembered, so that a file edited between two readings is noticed instead of
     * being learned half in one version and half in the other.
     */
    record InFile(Path file, TextEncoding encoding, long size, FileTime modified) implements TextSource {

        static InFile of(Path file, TextEncoding encoding) throws IOException {
            return new InFile(file, encoding, Files.size(file), Files.getLastModifiedTime(file));
        }

        @Override
        public Reader open() throws IOException {
            if (Files.size(file) != size || !Files.getLastModifiedTime(file).equals(modified)) {
                throw new IOException("the file was changed since it was opened");
            }
            return new TextReader(Files.newInputStream(file), encoding);
        }
    }

    /** Several texts one after the other; only the one being read is open. */
    record Joined(List<TextSource> parts) implements TextSource {

        public Joined {
            parts = List.copyOf(parts);
        }

        @Override
        public Reader open() {
            return new JoinedReader(new ArrayDeque<>(parts));
        }
    }

    /** Reads the parts of a {@link Joined} text in order. */
    final class JoinedReader extends Reader {

        private final Queue<TextSource> waiting;
        private Reader current = Reader.nullReader();

        private JoinedReader(Queue<TextSource> waiting) {
            this.waiting = waiting;
        }

        @Override
        public int read(char[] target, int from, int length) throws IOException {
            int count = current.read(target, from, length);
            while (count < 0 && !waiting.isEmpty()) {
                current.close();
                current = waiting.remove().open();
                count = current.read(target, from, length);
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            waiting.clear();
            current.close();
        }
    }
}
