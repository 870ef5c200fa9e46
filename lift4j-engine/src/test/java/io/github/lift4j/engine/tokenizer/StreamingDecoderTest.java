package io.github.lift4j.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
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
