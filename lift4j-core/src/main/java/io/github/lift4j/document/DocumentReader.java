package io.github.lift4j.document;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Extracts the text of formats that are not plain text. Implementations are found by {@link java.util.ServiceLoader}.
 *
 * <p>A reader only extracts: the temporary file that the text goes to, its hash and its lifetime are the
 * {@link Document}'s concern. Readers are asked from several threads at once and hold no state between calls.
 */
public interface DocumentReader {

    /** The media types this reader extracts, such as {@code application/pdf}. */
    Set<String> mediaTypes();

    /**
     * Recognises a file by its content, with its name as a hint only.
     *
     * @param file the file to look into
     * @param name the name the document goes by, which is not the file's own where it was spooled from a stream
     * @return one of {@link #mediaTypes()}, or empty where this reader leaves the file to others, which it does for
     *     everything that reads well as it stands
     */
    Optional<String> recognise(Path file, String name) throws IOException;

    /**
     * Writes the text of a file this reader recognised. Paragraphs are separated by empty lines, and lines end in
     * {@code \n}. Stops soon after the thread is interrupted.
     *
     * @param file the file to read
     * @param name the name to use in error messages
     * @param text where the text goes; the caller closes it
     * @return the title the document gives itself, from its metadata or its first heading
     * @throws io.github.lift4j.engine.LiftException where the file is encrypted, damaged or beyond the reader's limits
     */
    Optional<String> extract(Path file, String name, Writer text) throws IOException;
}
