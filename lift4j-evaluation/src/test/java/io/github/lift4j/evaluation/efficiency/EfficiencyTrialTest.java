package io.github.lift4j.evaluation.efficiency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.needle.Haystack;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EfficiencyTrialTest {

    private static final Haystack HAY = new Haystack("hay", "Hay is dry grass. Cows eat it in winter. ");

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

    private static Unit.Speed unit(int tokens, Optional<Recipe> recipe) {
        return new Unit.Speed("tiny", "tiny", tokens, 2, recipe, 1, List.of("icl", "lift"));
    }

    private List<Finding.Timing> timed(int tokens) {
        return new EfficiencyTrial(lift, HAY)
                .of(unit(tokens, Optional.of(EfficiencyTrial.oneEpoch(TinyLift.RECIPE))), folder).stream()
                        .map(Finding.Timing.class::cast)
                        .toList();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void timesBothWhereTheWindowHoldsTheInput() {
        assertThat(timed(100)).hasSize(2).allSatisfy(timing -> {
            assertThat(timing.tokens()).isEqualTo(100);
            assertThat(timing.repetition()).isEqualTo(2);
            double parts = timing.parts().values().stream().mapToDouble(x -> x).sum();
            assertThat(timing.seconds().orElseThrow()).isPositive().isCloseTo(parts, within(1e-9));
            assertThat(timing.peakBytes().orElseThrow()).isPositive();
            assertThat(timing.outOfMemory()).isFalse();
        });
        assertThat(folder.resolve("lift/memory.json")).exists();
    }

    @Test
    void givesNoFigureOfATruncatedInput() {
        // 250 tokens fit in the window of 256, but not with the prompt around them.
        for (int tokens : new int[] {250, 300}) {
            Path own = folder.resolve("own" + tokens);
            Finding.Timing icl = (Finding.Timing) new EfficiencyTrial(lift, HAY)
                    .of(new Unit.Speed("tiny", "tiny", tokens, 1, Optional.empty(), 1, List.of("icl")), own)
                    .getFirst();
            assertThat(icl.seconds()).isEmpty();
            assertThat(icl.outOfMemory()).isFalse();
        }
        Finding.Timing absorbed = timed(300).getLast();
        assertThat(absorbed.mode()).isEqualTo("lift");
        assertThat(absorbed.seconds()).isPresent();
    }

    @Test
    void needsARecipeToAbsorb() {
        assertThatThrownBy(() -> new EfficiencyTrial(lift, HAY).of(unit(300, Optional.empty()), folder))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("recipe");
    }
}
