package io.github.lift4j.evaluation.needle;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A fact that nothing else in the world tells, and how it is asked for.
 *
 * @param id unique among the needles
 * @param fact one sentence
 * @param keys an answer that holds one of these has recalled the fact
 * @param questions the same question in several wordings, at least one
 * @param answer a right answer, for measuring its likelihood
 */
public record Needle(String id, String fact, List<String> keys, List<String> questions, String answer) {

    private static final List<Needle> ALL = load();

    public Needle {
        keys = List.copyOf(keys);
        questions = List.copyOf(questions);
    }

    /** All needles: the one of the original test, and invented ones. Always the same, in the same order. */
    public static List<Needle> all() {
        return ALL;
    }

    /**
     * Finds a needle by its id.
     *
     * @throws LiftException where there is none
     */
    public static Needle named(String id) {
        return ALL.stream()
                .filter(needle -> needle.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new LiftException("'" + id + "' is no needle: use one of "
                        + ALL.stream().map(Needle::id).collect(Collectors.joining(", ")) + "."));
    }

    /** Whether an answer holds a key as whole words, in any case. */
    public boolean recalledIn(String answer) {
        return keys.stream()
                .anyMatch(key -> Pattern.compile(
                                "(?<![\\p{L}\\p{N}])" + Pattern.quote(key) + "(?![\\p{L}\\p{N}])",
                                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(answer)
                        .find());
    }

    /** The fact on a line of its own, as the original test puts it in. */
    String line() {
        return "\n" + fact + "\n";
    }

    private static List<Needle> load() {
        try (InputStream in = Needle.class.getResourceAsStream("needles.json")) {
            return List.copyOf(new ObjectMapper().readValue(in, new TypeReference<List<Needle>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
