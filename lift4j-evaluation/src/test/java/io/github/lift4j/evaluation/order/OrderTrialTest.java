package io.github.lift4j.evaluation.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.needle.Haystack;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderTrialTest {

    /** Letters in no order that could be guessed. */
    private static final String TEXT = new SplittableRandom(3)
            .ints(180, 0, 26)
            .mapToObj(i -> "" + (char) ('a' + i) + (i % 3 == 0 ? " " : ""))
            .collect(Collectors.joining());

    private static final Recipe RECIPE = new Recipe(
            "by heart",
            new SegmentSettings(32, 32, 15),
            AdapterSettings.allLinear(0, 1),
            new TrainingSettings(1e-2, 0.1, Schedule.Decay.LINEAR, 0.99, 0, 1, 128, 0, 1),
            Optional.empty(),
            5);

    private static Lift lift;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        lift = TinyLift.open();
    }

    @AfterAll
    static void close() {
        lift.close();
    }

    @Test
    void bothCutsTrainAsManyTokens() {
        SegmentSettings touching = OrderTrial.touching(RECIPE).segments();
        SegmentSettings overlapping = OrderTrial.overlapping(RECIPE).segments();
        assertThat(touching).isEqualTo(new SegmentSettings(32, 32, 40));
        assertThat(overlapping).isEqualTo(new SegmentSettings(32, 12, 15));
        long tokens = 100_000;
        double ratio = (double) touching.segmentation().over(tokens).count()
                * touching.epochs()
                / ((double) overlapping.segmentation().over(tokens).count() * overlapping.epochs());
        assertThat(ratio).isBetween(0.99, 1.01);
    }

    @Test
    void overlapKeepsTheOrderThatTouchingSegmentsLose() {
        Unit.Order unit = unit(lift.model().tokenizer().encode(TEXT).length);
        Result result = trial().of(unit, folder);
        List<Finding> findings = result.findings();
        assertThat(findings)
                .hasSize(3 * OrderTrial.choices(unit.tokens(), 8, 32))
                .extracting(Finding::mode)
                .containsSubsequence(OrderTrial.MODES);
        assertThat(mean(findings, OrderTrial.OVERLAPPING, "margin"))
                .isGreaterThan(0.1)
                .isGreaterThan(mean(findings, OrderTrial.TOUCHING, "margin") + 0.05);
        assertThat(mean(findings, OrderTrial.OVERLAPPING, "accuracy")).isGreaterThan(0.5);
        assertThat(mean(findings, OrderTrial.BASE, "margin")).isBetween(-0.1, 0.1);
        assertThat(result.effort().trainingSeconds()).isPositive();

        assertThat(trial().of(unit, folder).findings())
                .as("what was absorbed is used again")
                .isEqualTo(findings);
        try (Stream<Path> memories = Files.list(folder)) {
            assertThat(memories).hasSize(2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static OrderTrial trial() {
        return new OrderTrial(lift, new Haystack("Letters", TEXT));
    }

    private static Unit.Order unit(int tokens) {
        return new Unit.Order("tiny", "tiny", tokens, 8, Optional.of(RECIPE), 5, OrderTrial.MODES);
    }

    private static double mean(List<Finding> findings, String mode, String score) {
        return findings.stream()
                .map(Finding.Scored.class::cast)
                .filter(finding -> finding.mode().equals(mode))
                .mapToDouble(finding -> finding.scores().get(score))
                .average()
                .orElseThrow();
    }

    @Test
    void refusesATextWithNoTwoPlacesToAskAbout() {
        assertThatThrownBy(() -> trial().of(unit(40), folder))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("no two places");
        assertThatThrownBy(() -> trial().of(unit(100_000), folder))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("ask for fewer");
    }
}
