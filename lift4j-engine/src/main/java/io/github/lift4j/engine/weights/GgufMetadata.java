package io.github.lift4j.engine.weights;

import io.github.lift4j.engine.LiftException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a GGUF file says about its model beside the weights: architecture, tokenizer, chat template. Immutable.
 *
 * <p>A value of another kind than asked for is a {@link LiftException}; an absent one is empty.
 */
public final class GgufMetadata {

    private final Path path;
    private final Map<String, Object> values;

    GgufMetadata(Path path, Map<String, Object> values) {
        this.path = path;
        this.values = Collections.unmodifiableMap(values);
    }

    /** All keys, {@code general.architecture} for one, in the file's order. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** Everything as it was read: texts, numbers, flags, lists of texts, and primitive arrays, which are not to be changed. */
    public Map<String, Object> asMap() {
        return values;
    }

    public boolean contains(String key) {
        return values.containsKey(key);
    }

    /** A text, such as {@code tokenizer.chat_template}. */
    public Optional<String> string(String key) {
        return Optional.ofNullable(typed(key, String.class, "a text"));
    }

    /** An integer of any width and sign; one beyond 2^63 - 1 comes out negative. */
    public OptionalLong integer(String key) {
        Long value = typed(key, Long.class, "an integer");
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /**
     * A real number or an integer. A 32-bit float becomes the double with the same shortest decimal (1e-5, not
     * 9.999999747e-06): that is the number its writer meant, and the one a config.json has.
     */
    public OptionalDouble number(String key) {
        return switch (values.get(key)) {
            case null -> OptionalDouble.empty();
            case Float real -> OptionalDouble.of(Double.parseDouble(real.toString()));
            case Double real -> OptionalDouble.of(real);
            case Long integer -> OptionalDouble.of(integer);
            default -> throw unexpected(key, "a number");
        };
    }

    public Optional<Boolean> bool(String key) {
        return Optional.ofNullable(typed(key, Boolean.class, "a truth value"));
    }

    /** A list of texts, such as {@code tokenizer.ggml.tokens}. */
    public Optional<List<String>> strings(String key) {
        List<?> list = typed(key, List.class, "a list of texts");
        if (list == null) {
            return Optional.empty();
        }
        if (!list.stream().allMatch(String.class::isInstance)) {
            throw unexpected(key, "a list of texts");
        }
        return Optional.of(list.stream().map(String.class::cast).toList());
    }

    /** A list of integers (or truth values as 0 and 1), such as {@code tokenizer.ggml.token_type}; the caller's own. */
    public Optional<long[]> integers(String key) {
        return Optional.ofNullable(typed(key, long[].class, "a list of integers"))
                .map(long[]::clone);
    }

    /** A list of real numbers, such as {@code tokenizer.ggml.scores}; the caller's own. */
    public Optional<double[]> numbers(String key) {
        return Optional.ofNullable(typed(key, double[].class, "a list of numbers"))
                .map(double[]::clone);
    }

    private <T> @Nullable T typed(String key, Class<T> type, String expected) {
        Object value = values.get(key);
        if (value == null) {
            return null;
        }
        if (!type.isInstance(value)) {
            throw unexpected(key, expected);
        }
        return type.cast(value);
    }

    private LiftException unexpected(String key, String expected) {
        return new LiftException("The metadata key " + key + " in " + path + " is not " + expected
                + "; the file is damaged or of an unknown kind: download it again or choose another.");
    }
}
