package io.github.lift4j.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class WindowTest {

    private static final TokenCounter LETTERS = TokenCounter.perCharacters(1);

    @Test
    void holdsAWholeTextThatFits() {
        assertThat(new Window(15, LETTERS).excerpt("0123456789", 5)).isEqualTo("0123456789");
    }

    @Test
    void holdsHeadAndTailInEqualPartsOtherwise() {
        assertThat(new Window(18, LETTERS).excerpt("abcdefghijklmnopqrstuvwxyz", 1))
                .isEqualTo("abcd\n\n[...]\n\nwxyz");
    }

    @Test
    void givesTheDocumentNoMoreThanItsShare() {
        Window window = new Window(100, 17, LETTERS);
        assertThat(window.excerpt("abcdefghijklmnopqrstuvwxyz", 1)).isEqualTo("abcd\n\n[...]\n\nwxyz");
        assertThat(window.excerpt("abcdefghijklmnopq", 1)).isEqualTo("abcdefghijklmnopq");
    }

    @Test
    void refusesWhereNothingFits() {
        assertThatThrownBy(() -> new Window(12, LETTERS).excerpt("abcdefghijklmnopqrstuvwxyz", 2))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("leaves no room");
    }

    @Test
    void cutsABeginning() {
        Window window = new Window(100, LETTERS);
        assertThat(window.beginning("abcdef", 4)).isEqualTo("abcd");
        assertThat(window.beginning("abcdef", 6)).isEqualTo("abcdef");
        assertThat(window.beginning("abcdef", 0)).isEmpty();
    }

    @Test
    void countsOtherScriptsThanEnglishByTheLetter() {
        assertThat(TokenCounter.ANY_SCRIPT.count("lighthouse")).isEqualTo(3);
        assertThat(TokenCounter.ANY_SCRIPT.count("灯台 sees")).isEqualTo(4);
        assertThat(TokenCounter.ANY_SCRIPT.count("")).isZero();
    }

    @Property(tries = 200)
    void isFilledAsFarAsItGoes(
            @ForAll @StringLength(min = 60, max = 300) String text, @ForAll @IntRange(min = 20, max = 50) int tokens) {
        TokenCounter counter = TokenCounter.perCharacters(1.3);
        String excerpt = new Window(tokens, counter).excerpt(text, 3);

        assertThat(counter.count(excerpt)).isBetween(tokens - 3L - 5, tokens - 3L);
        String[] parts = excerpt.split(Pattern.quote("\n\n[...]\n\n"), -1);
        assertThat(text).startsWith(parts[0]).endsWith(parts[parts.length - 1]);
    }
}
