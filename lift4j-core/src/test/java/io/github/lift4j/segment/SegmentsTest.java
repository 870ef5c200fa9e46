package io.github.lift4j.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SegmentsTest {

    @Provide
    Arbitrary<Segmentation> segmentations() {
        return Arbitraries.integers()
                .between(1, 200)
                .flatMap(length -> Combinators.combine(
                                Arbitraries.just(length), Arbitraries.integers().between(1, length))
                        .as(Segmentation::new));
    }

    @Property
    void coverEveryTokenAndEndWithTheInput(
            @ForAll("segmentations") Segmentation segmentation, @ForAll @IntRange(min = 1, max = 2000) int tokens) {
        Segments segments = segmentation.over(tokens);
        BitSet covered = new BitSet();
        segments.stream().forEach(segment -> covered.set((int) segment.start(), (int) segment.end()));

        assertThat(covered.nextClearBit(0)).isEqualTo(tokens);
        assertThat(covered.length()).isEqualTo(tokens);
        assertThat(segments.start(0)).isZero();
        assertThat(segments.end(segments.count() - 1)).isEqualTo(tokens);
    }

    @Property
    void haveFullLengthStrideAndOverlap(
            @ForAll("segmentations") Segmentation segmentation,
            @ForAll @LongRange(min = 0, max = 1_000_000_000L) long beyond,
            @ForAll @IntRange(min = 0) int anywhere) {
        Segments segments = segmentation.over(segmentation.length() + beyond);
        int last = segments.count() - 1;

        int k = anywhere % segments.count();
        assertThat(segments.length(k)).isEqualTo(segmentation.length());
        if (k < last) {
            assertThat(segments.start(k)).isEqualTo((long) k * segmentation.stride());
            assertThat(segments.end(k) - segments.start(k + 1)).isGreaterThanOrEqualTo(segmentation.overlap());
            assertThat(segments.start(k + 1)).isGreaterThan(segments.start(k));
        }
        // No segment too many: without the last one, the end of the input would not be reached.
        if (last > 0) {
            assertThat(segments.end(last - 1)).isLessThan(segments.tokens());
        }
    }

    @Property
    void takeAnInputShorterThanOneSegmentWhole(
            @ForAll("segmentations") Segmentation segmentation, @ForAll @IntRange(min = 1, max = 200) int tokens) {
        int fitting = Math.min(tokens, segmentation.length());
        assertThat(segmentation.over(fitting).stream()).containsExactly(new Segment(0, fitting));
    }

    @Test
    void areThoseOfFigureTwo() {
        Segments segments = Segmentation.ofLength(8).over(15);

        assertThat(segments.stream())
                .containsExactly(new Segment(0, 8), new Segment(3, 8), new Segment(6, 8), new Segment(7, 8));
        assertThat(segments.tokensPerEpoch()).isEqualTo(32);
    }

    @Test
    void reachBeyondTheRangeOfInt() {
        long tokens = 100_000_000_000L;
        Segments segments = Segmentation.ofLength(512).over(tokens);

        assertThat(segments.end(segments.count() - 1)).isEqualTo(tokens);
        assertThat(segments.tokensPerEpoch()).isBetween(266_000_000_000L, 267_000_000_000L);
        assertThatThrownBy(() -> new Segmentation(1, 1).over(tokens)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofAnEmptyInputAreNone() {
        assertThat(Segmentation.ofLength(512).over(0).count()).isZero();
    }

    @Test
    void areAskedForWithinTheirRange() {
        Segments segments = Segmentation.ofLength(8).over(15);

        assertThatThrownBy(() -> segments.start(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> segments.get(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void takeThreeEighthsOfTheLengthAsStride() {
        assertThat(Segmentation.ofLength(2048)).isEqualTo(new Segmentation(2048, 768));
        assertThat(Segmentation.ofLength(10).stride()).isEqualTo(4);
        assertThat(Segmentation.ofLength(1).stride()).isEqualTo(1);
        assertThat(Segmentation.ofLength(Integer.MAX_VALUE).stride()).isEqualTo(805_306_368);
    }

    @Test
    void leaveNoGapByASettingThatWould() {
        assertThatThrownBy(() -> new Segmentation(8, 9)).hasMessageContaining("stride");
        assertThatThrownBy(() -> new Segmentation(8, 0)).hasMessageContaining("stride");
        assertThatThrownBy(() -> new Segmentation(0, 1)).hasMessageContaining("at least 1 token");
    }
}
