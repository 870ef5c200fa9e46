package io.github.lift4j.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.document.Document;
import io.github.lift4j.document.Passage;
import io.github.lift4j.segment.Segmentation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TextSegmentsTest {

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> word = Arbitraries.oneOf(
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12),
                Arbitraries.of("\uD83D\uDE00".repeat(3), "long".repeat(30), "猫".repeat(100), "\n"));
        return word.list().ofMinSize(1).ofMaxSize(60).map(words -> "x" + String.join(" ", words));
    }

    @Property(tries = 300)
    void loseNothingAndStandWhereTheySay(
            @ForAll("texts") String text,
            @ForAll @IntRange(min = 70, max = 200) int length,
            @ForAll @IntRange(min = 1, max = 200) int stride)
            throws IOException {
        List<Passage> segments = cut(text, new Segmentation(length, Math.min(length, stride)));

        long covered = 0;
        for (Passage segment : segments) {
            assertThat(segment.span().start()).isLessThanOrEqualTo(covered);
            assertThat(segment.text())
                    .isEqualTo(text.substring(
                            (int) segment.span().start(), (int) segment.span().end()));
            assertThat(Character.isLowSurrogate(segment.text().charAt(0))).isFalse();
            covered = Math.max(covered, segment.span().end());
        }
        assertThat(covered).isEqualTo(text.length());
    }

    @Test
    void beginAndEndWithWords() throws IOException {
        List<Passage> segments = cut("one three five seven nine eleven", new Segmentation(12, 12));

        assertThat(segments.stream().map(Passage::text)).startsWith("one three ", "five seven ");
    }

    private static List<Passage> cut(String text, Segmentation segmentation) throws IOException {
        List<Passage> segments = new ArrayList<>();
        List<Integer> parts = new ArrayList<>();
        Document document = Document.of("t", text);
        TextSegments.forEach(document, segmentation, (segment, part, count) -> {
            segments.add(segment);
            parts.add(part);
            assertThat(count).isEqualTo(segmentation.over(document.characters()).count());
        });
        assertThat(parts)
                .isEqualTo(IntStream.rangeClosed(1, parts.size()).boxed().toList());
        return segments;
    }
}
