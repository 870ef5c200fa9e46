package io.github.lift4j.documents;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.sax.SecureContentHandler;
import org.xml.sax.SAXException;

/** Says in one sentence why a document could not be extracted. What counts often lies deep among the causes. */
final class Failure {

    private Failure() {}

    /**
     * The exception to throw.
     *
     * @throws IOException where not the document but writing its text failed
     */
    static LiftException of(Format format, String name, SecureContentHandler secure, Throwable thrown)
            throws IOException {
        for (Throwable cause : causes(thrown)) {
            switch (cause) {
                case LiftException said -> {
                    return said;
                }
                case StackOverflowError _ -> {
                    return bomb(name, thrown);
                }
                case UncheckedIOException writing -> throw writing.getCause();
                case EncryptedDocumentException _, org.apache.poi.EncryptedDocumentException _ -> {
                    return encrypted(name, thrown);
                }
                case SAXException sax
                when isBomb(secure, sax) -> {
                    return bomb(name, thrown);
                }
                // POI guards its archives itself, and says so in words only.
                case IOException io
                when String.valueOf(io.getMessage()).startsWith("Zip bomb") -> {
                    return bomb(name, thrown);
                }
                default -> {}
            }
        }
        return damaged(format, name, thrown);
    }

    static LiftException encrypted(String name, Throwable cause) {
        return new LiftException(
                "\"" + name + "\" is protected by a password: save a copy without one and read that.", cause);
    }

    static LiftException damaged(Format format, String name, Throwable cause) {
        return new LiftException(
                "\"" + name + "\" looks like " + format.words() + " but is damaged (" + reason(cause)
                        + "): get a fresh copy, or convert it to plain text.",
                cause);
    }

    static LiftException interrupted(String name) {
        return new LiftException("Reading \"" + name + "\" failed: it was interrupted.");
    }

    static LiftException bomb(String name, Throwable cause) {
        return new LiftException(
                "\"" + name + "\" looks made to exhaust the program that reads it (" + reason(cause)
                        + "): if you trust it, convert it to plain text and read that.",
                cause);
    }

    private static Iterable<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .toList();
    }

    private static boolean isBomb(SecureContentHandler secure, SAXException thrown) {
        try {
            secure.throwIfCauseOf(thrown);
            return false;
        } catch (TikaException e) {
            return true;
        }
    }

    private static String reason(Throwable thrown) {
        String reason = thrown.getClass().getSimpleName();
        for (Throwable cause : causes(thrown)) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                reason = cause.getMessage();
            }
        }
        return reason.lines().findFirst().orElse(reason).strip();
    }
}
