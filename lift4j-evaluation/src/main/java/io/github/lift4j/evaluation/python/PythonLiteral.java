package io.github.lift4j.evaluation.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Python literal as {@code ast.literal_eval} does: strings with any quotes and escapes, numbers, {@code True},
 * {@code False}, {@code None}, lists, tuples, sets and dictionaries.
 *
 * <p>The value comes as JSON, like the rest of a benchmark: tuples and sets become arrays, {@code None} becomes null, and
 * a dictionary's keys become their text. Bytes, complex numbers and f-strings are refused.
 */
public final class PythonLiteral {

    /** Text that is no Python literal; the message says what and where. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message, int offset) {
            super(message + " at character " + offset);
        }
    }

    /** CPython's own limit; a model's endless "[[[[" must not overflow the stack. */
    private static final int DEEPEST = 200;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String DIGITS = "[0-9]++(?:_[0-9]++)*+";
    private static final Pattern SPACE = Pattern.compile("(?:[ \\t\\f\\r\\n]++|\\\\\\r?\\n|#[^\\n]*+)*+");
    private static final Pattern SIGN = Pattern.compile("[+-]?[ \\t]*+");
    private static final Pattern RADIX =
            Pattern.compile("0(?:[xX]_?[0-9a-fA-F][0-9a-fA-F_]*+|[oO]_?[0-7][0-7_]*+|[bB]_?[01][01_]*+)");
    private static final Pattern REAL = Pattern.compile("(?:" + DIGITS + "\\.(?:" + DIGITS + ")?|\\." + DIGITS + "|"
            + DIGITS + "(?=[eE]))(?:[eE][+-]?" + DIGITS + ")?");
    private static final Pattern WHOLE = Pattern.compile(DIGITS);
    private static final Pattern WORD = Pattern.compile("(?:True|False|None)(?!\\w)");
    private static final Pattern STRING = Pattern.compile("[uU]?['\"]|[rR]['\"]");

    private final String text;
    private int at;
    private int depth;

    /** Whether a comma followed the value read last. */
    private boolean comma;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /**
     * Reads one literal, which may have white space around it.
     *
     * @throws Malformed where the text is anything else
     */
    public static JsonNode parse(String text) throws Malformed {
        PythonLiteral literal = new PythonLiteral(text);
        JsonNode value = literal.value();
        literal.taken(SPACE);
        if (literal.at < text.length()) {
            throw literal.malformed("more text after the value");
        }
        return value;
    }

    private JsonNode value() throws Malformed {
        return switch (next()) {
            case '[' -> list();
            case '(' -> parenthesised();
            case '{' -> braced();
            default -> STRING.matcher(text).region(at, text.length()).lookingAt() ? strings() : scalar();
        };
    }

    /** Strings side by side are one string. */
    private TextNode strings() throws Malformed {
        StringBuilder value = new StringBuilder();
        do {
            at = PythonString.read(text, at, value);
            next();
        } while (STRING.matcher(text).region(at, text.length()).lookingAt());
        return TextNode.valueOf(value.toString());
    }

    private JsonNode scalar() throws Malformed {
        if (taken(WORD) instanceof String word) {
            return word.equals("None") ? NullNode.getInstance() : BooleanNode.valueOf(word.equals("True"));
        }
        int start = at;
        boolean negative = taken(SIGN) instanceof String sign && sign.startsWith("-");
        if (taken(RADIX) instanceof String digits) {
            int radix = switch (Character.toLowerCase(digits.charAt(1))) {
                case 'x' -> 16;
                case 'o' -> 8;
                default -> 2;
            };
            return whole(digits.substring(2), radix, negative);
        }
        if (taken(REAL) instanceof String digits) {
            double real = Double.parseDouble(digits.replace("_", ""));
            return JSON.numberNode(negative ? -real : real);
        }
        if (taken(WHOLE) instanceof String digits) {
            return whole(digits, 10, negative);
        }
        at = start;
        throw malformed("no Python value");
    }

    private static JsonNode whole(String digits, int radix, boolean negative) {
        BigInteger whole = new BigInteger(digits.replace("_", "").toLowerCase(Locale.ROOT), radix);
        return JSON.numberNode(negative ? whole.negate() : whole);
    }

    /** One value in parentheses is the value itself; a comma makes a tuple. */
    private JsonNode parenthesised() throws Malformed {
        open();
        ArrayNode elements = elements(JSON.arrayNode(), ')');
        return elements.size() == 1 && !comma ? elements.get(0) : elements;
    }

    private ArrayNode list() throws Malformed {
        open();
        return elements(JSON.arrayNode(), ']');
    }

    /** A dictionary where a colon follows the first value, otherwise a set. */
    private JsonNode braced() throws Malformed {
        open();
        if (next() == '}') {
            close();
            return JSON.objectNode();
        }
        JsonNode first = value();
        if (next() == ':') {
            return dictionary(first);
        }
        separate('}');
        return elements(JSON.arrayNode().add(first), '}');
    }

    private ArrayNode elements(ArrayNode elements, char close) throws Malformed {
        while (next() != close) {
            elements.add(value());
            separate(close);
        }
        close();
        return elements;
    }

    private ObjectNode dictionary(JsonNode first) throws Malformed {
        ObjectNode dictionary = JSON.objectNode();
        dictionary.set(key(first), value());
        separate('}');
        while (next() != '}') {
            JsonNode key = value();
            dictionary.set(key(key), value());
            separate('}');
        }
        close();
        return dictionary;
    }

    private String key(JsonNode key) throws Malformed {
        if (!key.isTextual() && !key.isNumber()) {
            throw malformed("a key that is neither text nor a number");
        }
        if (next() != ':') {
            throw malformed("no colon after a key");
        }
        at++;
        return key.asText();
    }

    private void open() throws Malformed {
        depth++;
        if (depth > DEEPEST) {
            throw malformed("more than " + DEEPEST + " brackets within each other");
        }
        at++;
    }

    private void close() {
        depth--;
        at++;
    }

    private void separate(char close) throws Malformed {
        comma = next() == ',';
        if (comma) {
            at++;
        } else if (next() != close) {
            throw malformed("neither a comma nor " + close);
        }
    }

    /** Skips white space and gives the character behind it, or 0 at the end. */
    private char next() {
        taken(SPACE);
        return at < text.length() ? text.charAt(at) : 0;
    }

    private @Nullable String taken(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return null;
        }
        at = matcher.end();
        return matcher.group();
    }

    private Malformed malformed(String what) {
        return new Malformed(what, at);
    }
}
