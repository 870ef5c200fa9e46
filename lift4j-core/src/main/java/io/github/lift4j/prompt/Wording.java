package io.github.lift4j.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /** Asks for questions about one sentence and their answers, with what stands before it in view. */
    public static final Wording SENTENCE_QUESTIONS = Wording.of("questions-sentence.txt");

    /** Asks for questions about a piece of the document and their answers. */
    public static final Wording PIECE_QUESTIONS = Wording.of("questions-piece.txt");

    /** The title of a document that never was, to show in which form questions and answers are to be written. */
    public static final Wording EXAMPLE_TITLE = Wording.of("questions-example-title.txt");

    /** A piece of it. */
    public static final Wording EXAMPLE_DOCUMENT = Wording.of("questions-example-document.txt");

    /** The piece's last sentence. */
    public static final Wording EXAMPLE_SENTENCE = Wording.of("questions-example-sentence.txt");

    /** The questions about it and their answers. */
    public static final Wording EXAMPLE_PAIRS = Wording.of("questions-example-pairs.txt");

    /** Asks whether an answer follows from the piece that it was written from. */
    public static final Wording CHECK = Wording.of("questions-check.txt");

    /** Asks for the answer to such a question with the passage in view. */
    public static final Wording TEACH = Wording.of("self-study-answer.txt");

    private static final Pattern SLOT = Pattern.compile("\\{([a-z ]+)}");

    /** How a question is put with the document, or passages of it, or both, or neither before it. */
    public static Wording ofQuestion(boolean document, boolean evidence) {
        if (evidence) {
            return document ? DOCUMENT_EVIDENCE_QUESTION : EVIDENCE_QUESTION;
        }
        return document ? DOCUMENT_QUESTION : QUESTION;
    }

    private static Wording of(String name) {
        return read(Wording.class, name);
    }

    /** The wording in a resource file beside a class. */
    public static Wording read(Class<?> beside, String name) {
        try (InputStream stream = beside.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the prompt " + name + " is missing from the library");
            }
            return new Wording(new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new IllegalStateException("the prompt " + name + " cannot be read", e);
        }
    }

    /**
     * The text with values in the places of their names, in one pass: braces in a value name nothing.
     *
     * @throws IllegalArgumentException where a name has no value
     */
    public String with(Map<String, String> values) {
        return SLOT.matcher(text).replaceAll(slot -> {
            String value = values.get(slot.group(1));
            if (value == null) {
                throw new IllegalArgumentException("no value for " + slot.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
