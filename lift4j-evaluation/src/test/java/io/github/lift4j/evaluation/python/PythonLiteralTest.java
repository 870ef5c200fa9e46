package io.github.lift4j.evaluation.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonLiteralTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Provide
    Arbitrary<JsonNode> values() {
        return values(3);
    }

    private static Arbitrary<JsonNode> values(int depth) {
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(20).map(TextNode::valueOf),
                Arbitraries.strings()
                        .withChars("'\"\\\n\r\t{}[](),:#nxuUN0 \u00e9")
                        .ofMaxLength(20)
                        .map(TextNode::valueOf),
                Arbitraries.bigIntegers().map(JSON::numberNode),
                Arbitraries.doubles().map(JSON::numberNode),
                Arbitraries.of(true, false).map(BooleanNode::valueOf),
                Arbitraries.just(NullNode.getInstance()));
        if (depth == 0) {
            return leaves;
        }
        return Arbitraries.oneOf(
                leaves,
                values(depth - 1)
                        .list()
                        .ofMaxSize(3)
                        .map(list -> JSON.arrayNode().addAll(list)),
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(8), values(depth - 1))
                        .ofMaxSize(3)
                        .map(map -> JSON.objectNode().setAll(map)));
    }

    @Property(tries = 500)
    void readsWhatPythonPrints(@ForAll("values") JsonNode value, @ForAll long style) throws Exception {
        assertThat(PythonLiteral.parse(printed(value, new Random(style)))).isEqualTo(value);
    }

    @Property(tries = 500)
    void refusesWhatIsCutOff(@ForAll("values") JsonNode value, @ForAll @IntRange(min = 1) int cut) throws Exception {
        String list = printed(JSON.arrayNode().add(value), new Random(0));
        assertThatThrownBy(() -> PythonLiteral.parse(list.substring(0, list.length() - 1 - cut % (list.length() - 1))))
                .isInstanceOf(PythonLiteral.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            (1, 'a')                          | [1,"a"]
            (1,)                              | [1]
            (1)                               | 1
            ()                                | []
            {1, 2,}                           | [1,2]
            {}                                | {}
            {'a': [1, 2,], "b": None}         | {"a":[1,2],"b":null}
            {1: 'x', 2.5: 'y'}                | {"1":"x","2.5":"y"}
            'it''s' "one"                     | "itsone"
            '''it's'''                        | "it's"
            r'\\n'                            | "\\\\n"
            u"\\x41\\101\\u0042\\U0001f600"   | "AAB\ud83d\ude00"
            '\\N{LATIN SMALL LETTER E WITH ACUTE}' | "\u00e9"
            '\\1011\\18'                       | "A1\\u00018"
            '\\q\\''                          | "\\\\q'"
            -0x1F                             | -31
            0b101                             | 5
            0o17                              | 15
            1_000                             | 1000
            + 7                               | 7
            -.5                               | -0.5
            1.                                | 1.0
            2e3                               | 2000.0
            [True, False, None] # done        | [true,false,null]
            """)
    void readsEveryFormOfLiteral(String python, String json) throws Exception {
        assertThat(PythonLiteral.parse(python))
                .hasToString(new ObjectMapper().readTree(json).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "none",
                "true",
                "[1",
                "[1 2]",
                "{'a' 1}",
                "{'a': 1, 2}",
                "{[1]: 2}",
                "'open",
                "'a\nb'",
                "'\\x4'",
                "'\\U00110000'",
                "'\\N{NO SUCH NAME}'",
                "b'x'",
                "f'x'",
                "1j",
                "5 apples",
                "__import__('os')",
                "[1]]",
                "--1",
                "Truest",
                "1e",
                "0x_",
                "1\u0000"
            })
    void refusesWhatIsNoLiteral(String text) {
        assertThatThrownBy(() -> PythonLiteral.parse(text))
                .isInstanceOf(PythonLiteral.Malformed.class)
                .hasMessageContaining("at character");
    }

    @Test
    void doesNotOverflowItsStack() {
        for (String text : new String[] {"[", "{", "(", "{'a':", " ", "#\n", "1", "1_", "'' "}) {
            assertThatThrownBy(() -> PythonLiteral.parse(text.repeat(100_000) + "!"))
                    .isInstanceOf(PythonLiteral.Malformed.class);
        }
    }

    /** Prints as Python's {@code repr} may, in one of several styles. */
    private static String printed(JsonNode value, Random style) {
        return switch (value) {
            case TextNode text -> quoted(text.textValue(), style);
            case BooleanNode truth -> truth.booleanValue() ? "True" : "False";
            case NullNode none -> "None";
            case ArrayNode list ->
                list.valueStream()
                        .map(element -> printed(element, style) + (style.nextInt(4) == 0 ? " \n" : ""))
                        .collect(Collectors.joining(", ", "[", style.nextBoolean() || list.isEmpty() ? "]" : ",]"));
            case ObjectNode object ->
                object.propertyStream()
                        .map(entry -> quoted(entry.getKey(), style) + ": " + printed(entry.getValue(), style))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> value.asText();
        };
    }

    private static String quoted(String text, Random style) {
        String quote = style.nextBoolean() ? "'" : "\"";
        boolean ascii = style.nextBoolean();
        StringBuilder printed = new StringBuilder(quote);
        text.codePoints()
                .forEach(c -> printed.append(
                        switch (c) {
                            case '\\' -> "\\\\";
                            case '\n' -> "\\n";
                            case '\r' -> "\\r";
                            case '\t' -> "\\t";
                            case 0 -> "\\x00";
                            default -> {
                                if (c == quote.charAt(0)) {
                                    yield "\\" + quote;
                                }
                                yield ascii && c > 126 ? String.format("\\U%08x", c) : Character.toString(c);
                            }
                        }));
        return printed.append(quote).toString();
    }

    @Test
    void keepsWholeNumbersOfAnySize() throws Exception {
        assertThat(PythonLiteral.parse("123456789012345678901234567890").bigIntegerValue())
                .isEqualTo(new BigInteger("123456789012345678901234567890"));
    }
}
