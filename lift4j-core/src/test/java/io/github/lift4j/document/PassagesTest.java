package io.github.lift4j.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PassagesTest {

    @Test
    void sentencesStandWhereTheySay() {
        String text = "The harbour\n\nIt froze in May. Did the crew leave? \"No,\" wrote Aske.  They stayed.\n";
        assertThat(Passages.sentences(text))
                .extracting(Passage::text)
                .containsExactly(
                        "The harbour",
                        "It froze in May.",
                        "Did the crew leave?",
                        "\"No,\" wrote Aske.",
                        "They stayed.");
    }

    @Property(tries = 300)
    void nothingButWhiteSpaceIsLost(@ForAll String text) {
        long end = 0;
        StringBuilder left = new StringBuilder();
        for (Passage sentence : Passages.sentences(text)) {
            Span span = sentence.span();
            assertThat(text.substring((int) span.start(), (int) span.end())).isEqualTo(sentence.text());
            left.append(text, (int) end, (int) span.start());
            end = span.end();
        }
        left.append(text.substring((int) end));
        assertThat(left.chars()).allMatch(Character::isWhitespace);
    }

    @Property(tries = 200)
    void groupsHoldAllSentences(@ForAll List<Boolean> stops, @ForAll @IntRange(min = 1, max = 7) int size) {
        StringBuilder text = new StringBuilder();
        stops.forEach(stop -> text.append(stop ? "One more thing. " : "A heading\n\n"));
        List<Passage> sentences = Passages.sentences(text.toString());
        List<Passage> groups = Passages.groups(text.toString(), sentences, size);
        assertThat(groups).hasSize(Math.ceilDiv(sentences.size(), size));
        for (int i = 0; i < sentences.size(); i++) {
            Span group = groups.get(i / size).span();
            assertThat(group.start())
                    .isLessThanOrEqualTo(sentences.get(i).span().start());
            assertThat(group.end())
                    .isGreaterThanOrEqualTo(sentences.get(i).span().end());
        }
    }
}
