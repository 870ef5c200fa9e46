package io.github.lift4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.evaluation.statistics.Interval;
import io.github.lift4j.evaluation.suite.FixedOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderWordsTest {

    private static final FixedOrder ORDER = new FixedOrder(
            "bamboo/showssort_4k",
            "hub/small",
            List.of(1, 0, 2),
            new Interval(0.75, 0.5, 1),
            20,
            3,
            List.of(new FixedOrder.Lead(
                    "lift+icl", "fast", FixedOrder.Rival.ICL, 19, new Interval(0.125, -0.25, 0.5))));

    @Test
    void theEndTableNamesTheOrderAndEveryLead() {
        assertThat(SuiteWords.table(List.of(), List.of(ORDER)).lines().skip(2))
                .containsExactly(
                        "bamboo/showssort_4k, small: best fixed order [1] > [0] > [2], in hindsight: concordance"
                                + " 0.750 (0.500 to 1.000) on 20 questions, 3 others left out",
                        "    lift+icl                 fast         +0.125 (-0.250 to +0.500) over icl, 19 questions");
    }

    @Test
    void programsGetTheSame() {
        assertThat(OrderWords.json(ORDER))
                .containsEntry("order", List.of(1, 0, 2))
                .containsEntry("left_out", 3)
                .containsEntry("mean", 0.75)
                .containsEntry(
                        "leads",
                        List.of(Map.of(
                                "mode",
                                "lift+icl",
                                "recipe",
                                "fast",
                                "over",
                                "icl",
                                "questions",
                                19,
                                "mean",
                                0.125,
                                "low",
                                -0.25,
                                "high",
                                0.5)));
    }
}
