package io.github.lift4j.evaluation.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.absorb.AbsorbSpeed;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.result.Effort;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.run.MachineSpeed;
import io.github.lift4j.recipe.RecipeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LooGLE's questions about a document stand in one set, its timelines in another: both ask one memory. */
class EstimateTest {

    private static final String SUITE = """
            name: shared
            models: [tiny]
            sets: [loogle/longdep_qa, loogle/loogle_timeline]
            modes: [lift]
            recipes: [tiny.yaml]
            seeds: [0, 1]
            answer_tokens: 8
            """;

    private static final MachineSpeed SPEED = new MachineSpeed(100, 1000, 10);

    @TempDir
    private Path folder;

    private List<Plan.Step> steps;

    @BeforeEach
    void plan() throws IOException {
        Files.writeString(folder.resolve("tiny.yaml"), RecipeFile.write(TinyLift.RECIPE));
        steps = Plan.of(SuiteFile.parse(SUITE, folder.resolve("suite.yaml")), SmallData.write(folder.resolve("data")))
                .some(List.of(), 1);
    }

    private static double absorb(Plan.Step step) {
        return new AbsorbSpeed(SPEED.training(), 4 * SPEED.decode())
                .seconds(TinyLift.RECIPE, step.load().tokens());
    }

    /** Eight tokens a question, four written at once, and a second for all else. */
    private static double ask(int questions) {
        return questions * 8 / 40.0 + 1;
    }

    private static List<Unit> units(List<Plan.Step> steps) {
        return steps.stream().map(Plan.Step::unit).toList();
    }

    @Test
    void aMemoryThatUnitsShareIsAbsorbedOnce() {
        assertThat(steps).hasSize(4);
        List<Double> seconds = Estimate.of(unit -> SPEED, List.of()).seconds(steps, units(steps));
        double absorb = absorb(steps.getFirst());
        assertThat(absorb).isGreaterThan(1);
        double[] expected = {absorb + ask(2), absorb + ask(2), ask(1), ask(1)};
        for (int i = 0; i < 4; i++) {
            assertThat(seconds.get(i)).as("unit %d", i).isCloseTo(expected[i], within(1e-9));
        }
    }

    @Test
    void byJointsNothingIsWrittenAndTheDocumentIsNotRead() {
        String suite = "name: joints\nsets: [{name: bamboo/showssort_4k, limit: 1, modes: ['icl:joints']}]";
        List<Plan.Step> asked = Plan.of(SuiteFile.parse(suite, folder.resolve("joints.yaml")), folder.resolve("data"))
                .some(List.of(), 1);
        assertThat(Estimate.of(unit -> SPEED, List.of()).seconds(asked, units(asked)))
                .singleElement()
                .satisfies(seconds -> assertThat(seconds).isCloseTo(1 + 20 * 500 / 1000.0, within(1e-9)));
    }

    @Test
    void whatAFinishedUnitAbsorbedIsThere() {
        List<Double> seconds =
                Estimate.of(unit -> SPEED, List.of()).seconds(steps, units(steps.subList(1, steps.size())));
        assertThat(seconds.getFirst()).isZero();
        assertThat(seconds.get(2)).isCloseTo(ask(1), within(1e-9));
        assertThat(seconds.get(3)).as("of another seed").isCloseTo(ask(1), within(1e-9));
        assertThat(seconds.get(1)).isCloseTo(absorb(steps.get(1)) + ask(2), within(1e-9));
    }

    @Test
    void whatFinishedUnitsTookCorrectsTheOthers() {
        Plan.Step first = steps.getFirst();
        Effort twice = new Effort(first.load().tokens(), 0, 0, 2 * (absorb(first) + 1));
        List<Result> finished = List.of(new Result(first.unit(), twice, List.of()));
        List<Double> seconds =
                Estimate.of(unit -> SPEED, finished).seconds(steps, units(steps.subList(1, steps.size())));
        assertThat(seconds.get(2)).isCloseTo(2 * ask(1), within(1e-9));
    }
}
