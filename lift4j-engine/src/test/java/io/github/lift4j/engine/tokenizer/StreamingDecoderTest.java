package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;

class StreamingDecoderTest {

    private static List<Tokenizer> tokenizers = List.of();

    @BeforeContainer
    static void open() {
        tokenizers = Samples.ALL.stream().map(Samples::open).toList();
    }

    @AfterContainer
    static void close() {
        tokenizers.forEach(Tokenizer::close);
    }

    @Provide
    Arbitrary<String> texts() {
        return Samples.texts();
    }

    @Property(tries = 300)
    void piecesOfATextJoinToTheWhole(@ForAll("texts") String text, @ForAll boolean skipSpecialTokens) {
        for (Tokenizer tokenizer : tokenizers) {
            int[] ids = tokenizer.encode(text);
            assertThat(String.join("", pieces(tokenizer, ids, skipSpecialTokens)))
                    .isEqualTo(tokenizer.decode(ids, skipSpecialTokens));
        }
    }

    /** What a model writes need not be UTF-8, nor begin with a word. */
    @Property(tries = 1000)
    void piecesOfAnyIdsJoinToTheWhole(
            @ForAll @Size(max = 40) List<@IntRange(max = 700) Integer> drawn, @ForAll boolean skipSpecialTokens) {
        int[] ids = drawn.stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < tokenizers.size(); i++) {
            assertThat(String.join("", pieces(tokenizers.get(i), ids, skipSpecialTokens)))
                    .as(Samples.ALL.get(i))
                    .isEqualTo(tokenizers.get(i).decode(ids, skipSpecialTokens));
        }
    }

    /** In front of them stands what makes none of them the first, which decoders treat in their own way. */
    @Property(tries = 300)
    void theBytesOfTokensJoinToTheText(@ForAll("texts") String text) {
        for (Tokenizer tokenizer : tokenizers) {
            int[] front = tokenizer.encode("a");
            int[] ids = tokenizer.encode(text);
            int[] all = Arrays.copyOf(front, front.length + ids.length);
            System.arraycopy(ids, 0, all, front.length, ids.length);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int id : ids) {
                bytes.writeBytes(tokenizer.bytes(id));
            }
            assertThat(tokenizer.decode(front) + bytes.toString(StandardCharsets.UTF_8))
                    .isEqualTo(tokenizer.decode(all));
        }
    }

    @Test
    void aTokenOfHalfACharacterHasItsBytes() {
        try (Tokenizer tokenizer = Samples.open("byte_level")) {
            assertThat(tokenizer.bytes(tokenizer.id("Ġ").orElseThrow())).containsExactly(' ');
            assertThat(tokenizer.bytes(tokenizer.id("Ã").orElseThrow())).containsExactly(0xC3);
            int control = tokenizer.id("<|im_end|>").orElseThrow();
            assertThat(tokenizer.isControl(control)).isTrue();
            assertThat(tokenizer.bytes(control))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo("<|im_end|>");
            assertThat(tokenizer.bytes(-1)).isEmpty();
            assertThat(tokenizer.bytes(tokenizer.size())).isEmpty();
        }
        try (Tokenizer tokenizer = Samples.open("sentencepiece")) {
            assertThat(tokenizer.bytes(tokenizer.id("<0xE2>").orElseThrow())).containsExactly(0xE2);
            assertThat(tokenizer.bytes(tokenizer.id("▁").orElseThrow())).containsExactly(' ');
        }
    }

    @Test
    void aCharacterComesWhole() {
        for (Tokenizer tokenizer : Samples.ALL.stream().map(Samples::open).toList()) {
            List<String> pieces = pieces(tokenizer, tokenizer.encode("naïve ½ 日本 🙂🙃 x"), false);
            assertThat(pieces).allSatisfy(piece -> {
                assertThat(piece).doesNotContain("\uFFFD");
                assertThat(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)))
                        .isTrue();
            });
            tokenizer.close();
        }
    }

    @Test
    void wordsComeAsSoonAsTheyAreSaid() {
        try (Tokenizer tokenizer = Samples.open("byte_level")) {
            int[] ids = tokenizer.encode("the storm and the stairs");
            StreamingDecoder decoder = StreamingDecoder.of(tokenizer, true);
            for (int id : ids) {
                assertThat(decoder.next(id)).isEqualTo(tokenizer.decode(new int[] {id}));
            }
            assertThat(decoder.finish()).isEmpty();
        }
    }

    private static List<String> pieces(Tokenizer tokenizer, int[] ids, boolean skipSpecialTokens) {
        StreamingDecoder decoder = StreamingDecoder.of(tokenizer, skipSpecialTokens);
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(decoder.next(id));
        }
        pieces.add(decoder.finish());
        return pieces;
    }
}
