package io.github.lift4j.evaluation.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.Plan.Step;
import io.github.lift4j.recipe.Recipe;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {

    private static final List<String> MODES = List.of("lift");

    /** Steps of few texts, models and recipes, so that many share a memory, and some are equal. */
    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> few = Arbitraries.integers().between(1, 3);
        Arbitrary<Optional<Recipe>> recipes =
                Arbitraries.longs().between(0, 2).map(TinyLift.RECIPE::withSeed).optional();
        return Combinators.combine(Arbitraries.integers().between(1, 5), few, few, recipes)
                .flatAs((number, model, set, recipe) -> Arbitraries.of(
                        reading(number, model, set, recipe),
                        own(
                                new Unit.Haystack("m" + model, "w", number, 0.5, "needle " + set, recipe, set, MODES),
                                Plan.NEEDLES),
                        own(new Unit.Speed("m" + model, "w", number, set, recipe, 0, MODES), Plan.EFFICIENCY),
                        own(new Unit.Order("m" + model, "w", number, 8, recipe, set, MODES), Plan.ORDER)))
                .list()
                .ofMaxSize(60);
    }

    private static Step reading(int text, int model, int set, Optional<Recipe> recipe) {
        Unit unit = new Unit.Reading(
                "m" + model, "w" + model, "set" + set, "set:" + text, recipe, 0, MODES, 100, 10, Optional.empty());
        return new Step(unit, "set" + set, text, new Load("text " + text, 100, 1, 10));
    }

    private static Step own(Unit unit, String part) {
        return new Step(unit, part, 1, new Load(100, 1, 1));
    }

    /** Where memories of a step are made, as far as the model does not matter: one may go by two names. */
    private static Stream<String> folders(Step step) {
        String text = step.load().text();
        return Stream.of(text.isEmpty() ? step.unit().id() : text + step.unit().recipe());
    }

    @Property
    void sharesAreAllThereIsAndHaveNoMemoryInCommon(
            @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 6) int count) {
        List<List<Step>> shares = IntStream.rangeClosed(1, count)
                .mapToObj(number -> new Share(number, count).of(steps))
                .toList();
        assertThat(shares.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(steps);
        Map<String, Integer> makers = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int share = i;
            assertThat(shares.get(i)).as("in the plan's order").isSubsetOf(steps);
            shares.get(i).stream()
                    .flatMap(ShareTest::folders)
                    .forEach(memory -> assertThat(makers.computeIfAbsent(memory, any -> share))
                            .as(memory)
                            .isEqualTo(share));
        }
    }

    @Test
    void everyShareHasOfEverything() {
        List<Step> steps = IntStream.rangeClosed(1, 7)
                .boxed()
                .flatMap(text -> Stream.of(
                        reading(text, 1, 1, Optional.empty()), reading(text, 1, 1, Optional.of(TinyLift.RECIPE))))
                .toList();
        assertThat(new Share(1, 3).of(steps)).extracting(Step::number).containsExactly(1, 1, 4, 4, 7, 7);
        assertThat(new Share(2, 3).of(steps)).extracting(Step::number).containsExactly(2, 2, 5, 5);
        assertThat(new Share(8, 8).of(steps)).isEmpty();
        assertThat(new Share(1, 1).of(steps)).isEqualTo(steps);
        assertThat(new Share(1, 2).of(Collections.emptyList())).isEmpty();
    }

    @Test
    void isReadAsItIsWritten() {
        assertThat(Share.parse("2/4")).isEqualTo(new Share(2, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/4", "5/4", "1/0", "x", "", "1", "1/4/2", "-1/4", " 1/4", "99999999999/4"})
    void saysWhatIsNoPart(String text) {
        assertThatThrownBy(() -> Share.parse(text))
                .isInstanceOf(LiftException.class)
                .hasMessage("'" + text + "' is no part: write K/N with K from 1 to N, as 1/4 for the first of four.");
    }
}
