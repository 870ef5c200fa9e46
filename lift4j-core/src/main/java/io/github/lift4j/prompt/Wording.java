package io.github.lift4j.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a user's turn says, with {@code {names}} for what differs from one to the next.
 *
 * @param text read from a resource file of this package
 */
public record Wording(String text) {

    /** A question about the document with the document, or a part of it, before it. */
    public static final Wording DOCUMENT_QUESTION = Wording.of("document-question.txt");

    /** A question about the document and nothing else. */
    public static final Wording QUESTION = Wording.of("question.txt");

    /** A question with passages that bear on it. */
    public static final Wording EVIDENCE_QUESTION = Wording.of("evidence-question.txt");

    /** The same with the document before them. */
    public static final Wording DOCUMENT_EVIDENCE_QUESTION = Wording.of("document-evidence-question.txt");

    /** Asks the model that absorbed the document for the passages it remembers. */
    public static final Wording RECALL = Wording.of("recall.txt");

    /** Asks for reasoning over passages and then an answer. */
    public static final Wording REASON = Wording.of("reason.txt");

    /** Asks for a question about one sentence of a passage (self-study). */
    public static final Wording ASK = Wording.of("self-study-ask.txt");

    private static Wording of(String name) {
        try (InputStream stream = Wording.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the prompt " + name + " is missing from the library");
            }
            return new Wording(new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new IllegalStateException("the prompt " + name + " cannot be read", e);
        }
    }

    /** The text with values in the places of their names; a value is never read as a name itself. */
    public String with(Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        int from = 0;
        while (from < text.length()) {
            int open = text.indexOf('{', from);
            int close = open < 0 ? -1 : text.indexOf('}', open);
            String value = close < 0 ? null : values.get(text.substring(open + 1, close));
            if (value == null) {
                int to = open < 0 ? text.length() : open + 1;
                filled.append(text, from, to);
                from = to;
            } else {
                filled.append(text, from, open).append(value);
                from = close + 1;
            }
        }
        return filled.toString();
    }
}
