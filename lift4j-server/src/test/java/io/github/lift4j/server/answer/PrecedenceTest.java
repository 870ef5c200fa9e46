package io.github.lift4j.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PrecedenceTest {

    private static final long WORKED = Duration.ofMillis(40).toNanos();

    private final Precedence precedence = new Precedence();

    @Test
    void trainingGoesOnAtOnceWhereNobodyAsks() {
        assertThat(waited(Duration.ofHours(1).toNanos())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void trainingKeepsAQuarterOfItsSpeedWhereQuestionsNeverEnd() {
        precedence.giveWay(WORKED);
        precedence.begin();
        // Twice as slow beside the answers: a step of WORKED alone may take nearly four times as long, the waiting
        // included.
        assertThat(waited(2 * WORKED)).isBetween(Duration.ofNanos(WORKED * 3 / 2), Duration.ofSeconds(20));
    }

    @Test
    void beforeAnUndisturbedStepAnswersAreTakenToHalveTheSpeed() {
        precedence.begin();
        assertThat(waited(WORKED)).isBetween(Duration.ofNanos(WORKED * 3 / 4), Duration.ofSeconds(20));
    }

    @Test
    void aStepThatTookFourTimesAsLongWaitsNoMore() {
        precedence.giveWay(WORKED);
        precedence.begin();
        assertThat(waited(Duration.ofHours(1).toNanos())).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aStepThatAQuestionFellIntoIsNoneOfThoseAlone() {
        precedence.begin();
        precedence.end();
        precedence.giveWay(Duration.ofHours(1).toNanos());
        precedence.giveWay(WORKED);
        precedence.begin();
        assertThat(waited(WORKED)).isBetween(Duration.ofNanos(WORKED * 5 / 2), Duration.ofSeconds(20));
    }

    @Test
    void trainingGoesOnWhenTheLastAnswerIsOver() throws InterruptedException {
        precedence.begin();
        precedence.begin();
        Thread training = Thread.ofPlatform()
                .start(() -> precedence.giveWay(Duration.ofHours(1).toNanos()));
        precedence.end();
        assertThat(training.join(Duration.ofMillis(50))).isFalse();
        precedence.end();
        assertThat(training.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void whoIsInterruptedWaitsNoMoreAndStaysInterrupted() {
        precedence.begin();
        Thread.currentThread().interrupt();
        assertThat(waited(Duration.ofHours(1).toNanos())).isLessThan(Duration.ofSeconds(20));
        assertThat(Thread.interrupted()).isTrue();
    }

    private Duration waited(long worked) {
        long began = System.nanoTime();
        precedence.giveWay(worked);
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
