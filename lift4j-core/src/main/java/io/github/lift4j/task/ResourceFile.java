package io.github.lift4j.task;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The wordings and word lists that come with the library, beside this class. */
final class ResourceFile {

    private ResourceFile() {}

    /** The whole text but for its last line end. */
    static String text(String name) {
        try (InputStream stream = ResourceFile.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the file " + name + " is missing from the library");
            }
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (IOException e) {
            throw new IllegalStateException("the file " + name + " cannot be read", e);
        }
    }

    /** Its lines but for empty ones and those that begin with {@code #}. */
    static List<String> lines(String name) {
        return text(name)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
