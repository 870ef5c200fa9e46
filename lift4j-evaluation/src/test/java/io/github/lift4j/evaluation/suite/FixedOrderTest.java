package io.github.lift4j.evaluation.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.evaluation.metric.Concordance;
import io.github.lift4j.evaluation.result.Effort;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.statistics.Interval;
import io.github.lift4j.evaluation.suite.FixedOrder.Lead;
import io.github.lift4j.evaluation.suite.FixedOrder.Rival;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Findings whose best order is worked out by hand: of three things, 0 stands before 2 in all gold orders, before 1 in two of
 * three, and 1 before 2 in two of three; so 0, 1, 2 has 7 of 9 pairs, and 1, 2/3 and 2/3 on the questions.
 */
class FixedOrderTest {

    private static final String SORT = "bamboo/showssort_4k";
    private static final Optional<Recipe> FAST = Optional.of(RecipeFile.named("fast"));

    private final List<Result> results = new ArrayList<>();

    @TempDir
    private Path folder;

    /** An answer in one mode. */
    private void answered(
            String model, String set, String gold, String mode, Optional<Recipe> recipe, long seed, double score) {
        String document = "of " + gold;
        Finding finding = new Finding.Scored(
                set,
                "sorting",
                document,
                document,
                1,
                "In which order?",
                gold,
                mode,
                "",
                List.of(),
                Map.of("concordance", score));
        Unit unit =
                new Unit.Reading(model, model, set, document, recipe, seed, List.of(mode), 100, 10, Optional.empty());
        results.add(new Result(unit, new Effort(9, 0, 1, 2), List.of(finding)));
    }

    private void answered(String gold, String mode, Optional<Recipe> recipe, long seed, double score) {
        answered("small", SORT, gold, mode, recipe, seed, score);
    }

    private List<FixedOrder> orders() {
        try (ResultStore store = ResultStore.open(folder.resolve("results.db"))) {
            store.plan(results.stream().map(Result::unit).toList());
            results.forEach(store::add);
            return FixedOrder.of(store.results());
        }
    }

    private static void assertInterval(Interval interval, double mean, double low, double high) {
        assertThat(interval.mean()).isCloseTo(mean, within(1e-12));
        assertThat(interval.low()).isCloseTo(low, within(1e-12));
        assertThat(interval.high()).isCloseTo(high, within(1e-12));
    }

    @Test
    void modesAreComparedWithTheBestOrder() {
        answered("[0] > [1] > [2]", "icl", Optional.empty(), 0, 1);
        answered("[0] > [2] > [1]", "icl", Optional.empty(), 0, 0);
        answered("2,1,3", "icl", Optional.empty(), 0, 1 / 3.0);
        answered("[3] > [0] > [1] > [2]", "icl", Optional.empty(), 0, 1);
        answered("first the second one", "icl", Optional.empty(), 0, 1);
        answered("[0] > [1] > [2]", "lift+icl", FAST, 0, 1);
        answered("[0] > [2] > [1]", "lift+icl", FAST, 0, 1 / 3.0);
        answered("[0] > [2] > [1]", "lift+icl", FAST, 1, 1);
        answered("2,1,3", "lift+icl", FAST, 0, 1);

        FixedOrder order = orders().getFirst();
        assertThat(order.set()).isEqualTo(SORT);
        assertThat(order.order()).containsExactly(0, 1, 2);
        assertThat(order.questions()).isEqualTo(3);
        assertThat(order.leftOut()).isEqualTo(2);
        assertInterval(order.score(), 7 / 9.0, 2 / 3.0, 1);

        assertThat(order.leads())
                .extracting(Lead::mode, Lead::recipe, Lead::over, Lead::questions)
                .containsExactly(
                        tuple("icl", "", Rival.FIXED_ORDER, 3), tuple("lift+icl", "fast", Rival.FIXED_ORDER, 3));
        // Differences 0, -2/3, -1/3: of 27 draws one has 0 only and one -2/3 only, more than 2.5% each.
        assertInterval(order.leads().getFirst().difference(), -1 / 3.0, -2 / 3.0, 0);
        // Differences 0, 0, 1/3, for both seeds of the second question together come to 2/3.
        assertInterval(order.leads().getLast().difference(), 1 / 9.0, 0, 1 / 3.0);
    }

    @Test
    void whereTheBaseModelReadsBetterItIsTheRival() {
        answered("[0] > [1] > [2]", "icl", Optional.empty(), 0, 1);
        answered("[0] > [2] > [1]", "icl", Optional.empty(), 0, 1);
        answered("[1] > [0] > [2]", "icl", Optional.empty(), 0, 1);
        answered("[0] > [1] > [2]", "lift", FAST, 0, 0);
        answered("[1] > [0] > [2]", "lift", FAST, 0, 2 / 3.0);
        answered("other", SORT, "[0] > [1] > [2]", "lift", FAST, 0, 1 / 3.0);

        List<FixedOrder> orders = orders();
        assertThat(orders.getFirst().leads())
                .as("icl is not compared with itself")
                .hasSize(1);
        Lead lift = orders.getFirst().leads().getFirst();
        assertThat(lift.over()).isEqualTo(Rival.ICL);
        assertThat(lift.questions()).as("that both answered").isEqualTo(2);
        assertInterval(lift.difference(), -2 / 3.0, -1, -1 / 3.0);
        assertThat(orders.getLast().model()).isEqualTo("other");
        assertThat(orders.getLast().leads().getFirst().over())
                .as("without icl only the fixed order is left")
                .isEqualTo(Rival.FIXED_ORDER);
    }

    @Test
    void aBaseModelAskedByJointsHasItsOfficialPromptForARival() {
        answered("[1] > [0] > [2]", "icl:joints", Optional.empty(), 0, 1);
        answered("[0] > [1] > [2]", "icl:joints", Optional.empty(), 0, 1);
        answered("[1] > [0] > [2]", "icl", Optional.empty(), 0, 1);
        answered("[0] > [1] > [2]", "icl", Optional.empty(), 0, 1);
        answered("[1] > [0] > [2]", "lift+icl:joints", FAST, 0, 0);
        assertThat(orders().getFirst().leads())
                .extracting(Lead::mode, Lead::recipe, Lead::over, Lead::questions)
                .containsExactly(tuple("icl:joints", "", Rival.ICL, 2), tuple("lift+icl:joints", "fast", Rival.ICL, 1));
    }

    @Test
    void setsWithoutAnOrderOfFewThingsHaveNone() {
        answered(
                "small", "quality/quality_sorting", "[0] > [1] > [2] > [3] > [4] > [5] > [6] > [7]", "icl", FAST, 0, 1);
        answered("small", "loogle/longdep_qa", "2,1", "icl", Optional.empty(), 0, 1);
        assertThat(orders()).isEmpty();
    }

    @Property(tries = 50)
    void noOrderIsBetter(@ForAll @IntRange(min = 2, max = 7) int things, @ForAll Random random) {
        List<List<Integer>> gold = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            gold.add(shuffled(things, random));
        }
        double best = mean(BestOrder.of(gold, things), gold);
        for (int i = 0; i < 50; i++) {
            assertThat(mean(shuffled(things, random), gold)).isLessThanOrEqualTo(best + 1e-12);
        }
    }

    private static double mean(List<Integer> order, List<List<Integer>> gold) {
        return gold.stream()
                .mapToDouble(right -> Concordance.of(order, right).score())
                .average()
                .orElseThrow();
    }

    private static List<Integer> shuffled(int things, Random random) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < things; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        return order;
    }
}
