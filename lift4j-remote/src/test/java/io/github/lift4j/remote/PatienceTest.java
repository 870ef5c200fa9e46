package io.github.lift4j.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private final Patience patience =
            new Patience(Duration.ofSeconds(1), new Random(3), Clock.systemUTC(), pause -> {});

    @Test
    void neverWaitsLongerThanAMinuteOfItsOwnAccord() {
        for (int attempt = 7; attempt < 200; attempt++) {
            assertThat(patience.afterTry(attempt)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
        }
    }

    @Test
    void drawsItsPausesFromTheRandomnessItIsGiven() {
        Patience same = new Patience(Duration.ofSeconds(1), new Random(3), Clock.systemUTC(), pause -> {});

        Duration first = patience.afterTry(2);
        assertThat(same.afterTry(2)).isEqualTo(first);
        assertThat(same.afterTry(2)).isNotEqualTo(first);
    }

    @Test
    void doesNotWaitForADefect() {
        assertThat(patience.beforeNext(new IllegalStateException("a defect"), 1))
                .isEmpty();
        assertThat(patience.beforeNext(new Nonsense("nothing"), 1)).isPresent();
    }
}
