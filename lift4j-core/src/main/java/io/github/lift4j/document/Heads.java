package io.github.lift4j.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the first bytes of a file give away, so that a refusal can name what the file is. */
final class Heads {

    private static final int LENGTH = 8192;

    private record Signature(String bytes, String format) {}

    /** Formats that a {@link DocumentReader} could extract. */
    private static final List<Signature> DOCUMENTS = List.of(
            new Signature("%PDF-", "a PDF"),
            new Signature("PK\3\4", "a ZIP-based document (EPUB, DOCX, ODT or the like) or archive"),
            new Signature("{\\rtf", "an RTF document"),
            new Signature("\u00D0\u00CF\u0011\u00E0", "an old Office document"));

    private static final List<String> HTML_NAMES = List.of(".html", ".htm", ".xhtml");
    private static final List<String> TEXT_NAMES = List.of(".txt", ".text", ".md", ".markdown");

    private Heads() {}

    /**
     * Whether a file is called a text or Markdown and does not look like anything else, so that no reader is asked: a
     * Markdown text may well begin with an HTML tag.
     */
    static boolean isNamedText(byte[] head, String name) {
        return hasEnding(name, TEXT_NAMES)
                && documentFormat(head, name).isEmpty()
                && new String(head, StandardCharsets.ISO_8859_1).indexOf(0) < 0;
    }

    static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LENGTH);
        }
    }

    static boolean startsWith(byte[] head, byte[] prefix) {
        if (head.length < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (head[i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** The document format that needs a reader of its own, in words, or empty for what may be plain text. */
    static Optional<String> documentFormat(byte[] head, String name) {
        if (hasEnding(name, HTML_NAMES)) {
            return Optional.of("an HTML page");
        }
        return DOCUMENTS.stream()
                .filter(signature -> startsWith(head, signature.bytes().getBytes(StandardCharsets.ISO_8859_1)))
                .map(Signature::format)
                .findFirst();
    }

    private static boolean hasEnding(String name, List<String> endings) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        return endings.stream().anyMatch(lowerCase::endsWith);
    }
}
