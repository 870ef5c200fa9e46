package io.github.lift4j.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StopTextTest {

    @Property
    void thePiecesMakeTheTextInFrontOfTheFirstStop(
            @ForAll("pieces") List<String> pieces, @ForAll("stops") List<String> stops) {
        StopText text = new StopText(stops);
        StringBuilder heard = new StringBuilder();
        pieces.forEach(piece -> heard.append(text.next(piece)));
        heard.append(text.finish());
        // A stop counts as soon as it is complete: the first to end, and of those that end together the first to begin.
        String whole = String.join("", pieces);
        int end = whole.length();
        for (int length = 1; length <= whole.length() && end == whole.length(); length++) {
            String read = whole.substring(0, length);
            end = stops.stream()
                    .filter(read::endsWith)
                    .mapToInt(stop -> read.length() - stop.length())
                    .min()
                    .orElse(end);
        }
        if (pieces.stream().allMatch(piece -> piece.length() == 1)) {
            assertThat(heard.toString()).isEqualTo(whole.substring(0, end));
        }
        assertThat(whole).startsWith(heard.toString());
        assertThat(stops).noneMatch(heard.toString()::contains);
        assertThat(text.stopped()).isEqualTo(stops.stream().anyMatch(whole::contains));
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.strings()
                .withChars("abc")
                .ofMinLength(0)
                .ofMaxLength(3)
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<String>> stops() {
        return Arbitraries.strings()
                .withChars("abc")
                .ofMinLength(1)
                .ofMaxLength(4)
                .list()
                .ofMaxSize(3);
    }
}
