package io.github.lift4j.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a closed model is told, in training and when asked: the resource files beside this class, filled in. */
enum Prompts {
    /** A segment, to be recited: {@code title}, {@code part}, {@code parts}. */
    RECITE("recite.txt"),
    /** A question alone, in training as in asking: {@code title}, {@code question}. */
    QUESTION("question.txt"),
    /** A question behind the document: {@code title}, {@code document}, {@code question}. */
    DOCUMENT_QUESTION("document-question.txt");

    private static final Pattern BLANK = Pattern.compile("\\{([a-z]+)}");

    private final String template;

    Prompts(String name) {
        this.template = resource(name).strip();
    }

    /** Fills all blanks in one pass, so that a text with a brace in it is never taken for a blank. */
    String filled(Map<String, String> values) {
        return BLANK.matcher(template).replaceAll(blank -> {
            String value = values.get(blank.group(1));
            if (value == null) {
                throw new IllegalArgumentException("nothing is given for " + blank.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static String resource(String name) {
        try (InputStream stream = Prompts.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the prompt " + name + " is missing from the library");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the prompt " + name + " cannot be read", e);
        }
    }
}
