package io.github.lift4j.segment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShuffledOrderTest {

    @Property
    void visitsEverySegmentOnce(
            @ForAll @IntRange(min = 0, max = 3000) int count, @ForAll long seed, @ForAll @IntRange(min = 0) int epoch) {
        assertThat(visited(ShuffledOrder.of(count, seed, epoch)).sorted().boxed())
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
    }

    @Property
    void isTheSameAgainForTheSameSeedAndEpoch(
            @ForAll @IntRange(min = 0, max = 300) int count, @ForAll long seed, @ForAll @IntRange(min = 0) int epoch) {
        assertThat(visited(ShuffledOrder.of(count, seed, epoch)).toArray())
                .isEqualTo(visited(ShuffledOrder.of(count, seed, epoch)).toArray());
    }

    @Property
    void differsFromEpochToEpochAndFromSeedToSeed(@ForAll long seed, @ForAll @IntRange(max = 1000) int epoch) {
        int[] order = visited(ShuffledOrder.of(100, seed, epoch)).toArray();

        assertThat(order)
                .isNotEqualTo(visited(ShuffledOrder.of(100, seed, epoch + 1)).toArray());
        assertThat(order)
                .isNotEqualTo(visited(ShuffledOrder.of(100, seed + 1, epoch)).toArray());
    }

    @Test
    void putsEverySegmentFirstAboutAsOften() {
        int[] first = new int[10];
        IntStream.range(0, 10_000)
                .forEach(epoch -> first[ShuffledOrder.of(10, 42, epoch).at(0)]++);

        assertThat(IntStream.of(first).boxed())
                .allSatisfy(times -> assertThat(times).isBetween(850, 1150));
    }

    private static IntStream visited(ShuffledOrder order) {
        return IntStream.range(0, order.count()).map(order::at);
    }
}
