package io.github.lift4j.evaluation.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    @Test
    void isTheNormalIntervalForManyScores() {
        SplittableRandom random = new SplittableRandom(1);
        double[] scores = random.doubles(400).map(x -> x < 0.3 ? 1 : 0).toArray();
        Interval interval = Bootstrap.DEFAULT.mean(scores, random);

        double mean = Arrays.stream(scores).average().orElseThrow();
        double reach = 1.96 * Math.sqrt(mean * (1 - mean) / 400);
        assertThat(interval.mean()).isEqualTo(mean);
        assertThat(interval.low()).isCloseTo(mean - reach, within(0.005));
        assertThat(interval.high()).isCloseTo(mean + reach, within(0.005));
    }

    /** Of two scores 0 and 1 the resampled means are 0, 1/2 and 1 with chances 1/4, 1/2 and 1/4. */
    @Test
    void knowsTheDistributionOfTwoScores() {
        double[] scores = {0, 1};
        assertThat(Bootstrap.DEFAULT.mean(scores, new SplittableRandom(2))).isEqualTo(new Interval(0.5, 0, 1));
        assertThat(new Bootstrap(10_000, 0.4).mean(scores, new SplittableRandom(2)))
                .isEqualTo(new Interval(0.5, 0.5, 0.5));
    }

    @Test
    void holdsTheTrueMeanAboutAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(3);
        Bootstrap bootstrap = new Bootstrap(500, 0.9);
        long held = IntStream.range(0, 400)
                .filter(i ->
                        bootstrap.mean(random.doubles(60).toArray(), random).contains(0.5))
                .count();
        assertThat(held / 400.0).isBetween(0.84, 0.95);
    }

    @Test
    void pairsWhatIsOfOneQuestion() {
        SplittableRandom random = new SplittableRandom(4);
        double[] hard = random.doubles(50).toArray();
        double[] better = Arrays.stream(hard).map(score -> score + 0.01).toArray();

        Interval difference = Bootstrap.DEFAULT.difference(better, hard, random);
        assertThat(difference.low()).isCloseTo(0.01, within(1e-9));
        assertThat(difference.high()).isCloseTo(0.01, within(1e-9));
        assertThat(difference.contains(0)).isFalse();
        assertThat(Bootstrap.DEFAULT.difference(hard, hard, random).contains(0)).isTrue();
    }

    @Property(tries = 30)
    void isTheSameForTheSameSeedAndInTheSamplesRange(
            @ForAll @Size(min = 1, max = 30) List<@DoubleRange(min = -10, max = 10) Double> sample, @ForAll long seed) {
        double[] scores = sample.stream().mapToDouble(Double::doubleValue).toArray();
        Bootstrap bootstrap = new Bootstrap(200, 0.95);
        Interval interval = bootstrap.mean(scores, new SplittableRandom(seed));

        assertThat(interval).isEqualTo(bootstrap.mean(scores, new SplittableRandom(seed)));
        assertThat(interval.low()).isBetween(Arrays.stream(scores).min().getAsDouble() - 1e-9, interval.high());
        assertThat(interval.high())
                .isLessThanOrEqualTo(Arrays.stream(scores).max().getAsDouble() + 1e-9);
    }

    @Test
    void refusesWhatHasNoMean() {
        assertThatThrownBy(() -> Bootstrap.DEFAULT.mean(new double[0], new SplittableRandom(0)))
                .hasMessageContaining("no scores");
        assertThatThrownBy(() -> Bootstrap.DEFAULT.difference(new double[2], new double[3], new SplittableRandom(0)))
                .hasMessageContaining("same questions");
        assertThatThrownBy(() -> new Bootstrap(10, 0.95)).hasMessageContaining("100");
        assertThatThrownBy(() -> new Bootstrap(1000, 1)).hasMessageContaining("confidence");
    }
}
