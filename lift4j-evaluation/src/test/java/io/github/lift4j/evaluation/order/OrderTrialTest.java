package io.github.lift4j.evaluation.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.Lift;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
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
        List<Finding> findings;
        try (Document document = Document.of("Letters", TEXT)) {
            findings = new OrderTrial(lift, 8).of(document, RECIPE, 1, folder);
        }
        assertThat(findings)
                .extracting(finding -> ((Finding.Scored) finding).kind())
                .containsSubsequence("base model", "stride 32 of 32", "stride 12 of 32");
        assertThat(mean(findings, "stride 12 of 32", "margin"))
                .isGreaterThan(0.1)
                .isGreaterThan(mean(findings, "stride 32 of 32", "margin") + 0.05);
        assertThat(mean(findings, "stride 12 of 32", "accuracy")).isGreaterThan(0.5);
        assertThat(mean(findings, "base model", "margin")).isBetween(-0.1, 0.1);
    }

    private static double mean(List<Finding> findings, String kind, String score) {
        return findings.stream()
                .map(Finding.Scored.class::cast)
                .filter(finding -> finding.kind().equals(kind))
                .mapToDouble(finding -> finding.scores().get(score))
                .average()
                .orElseThrow();
    }

    @Test
    void refusesADocumentWithNoTwoPlacesToAskAbout() {
        try (Document document = Document.of("Short", "a b c")) {
            assertThatThrownBy(() -> new OrderTrial(lift, 8).of(document, RECIPE, 1, folder))
                    .isInstanceOf(LiftException.class);
        }
    }
}
