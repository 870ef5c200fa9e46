package io.github.lift4j.evaluation.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.RunFolder;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.prompt.Frame;
import io.github.lift4j.recipe.RecipeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A closed model in a suite, on a provider that answers by rule. */
class ClosedSuiteTest {

    private static final String SUITE = """
            name: closed
            models:
              - { name: gpt, weights: gpt-3.5-turbo-1106, endpoint: "https://provider/v1", window: 4000 }
            sets:
              - name: loogle/longdep_qa
                limit: 1
                modes: [base, icl, lift, lift+at, "lift+evidence+icl:gold", sft+icl]
                recipes: [tiny.yaml, ordering.yaml, self-study]
            answer_tokens: 6
            needles: { lengths: [300], depths: [0], modes: [icl] }
            """;

    @TempDir
    private Path folder;

    private Path data;
    private Suite suite;
    private final List<ClosedModels.Lesson> taught = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        data = SmallData.write(folder.resolve("data"));
        Files.writeString(folder.resolve("tiny.yaml"), RecipeFile.write(TinyLift.RECIPE));
        Files.copy(Path.of("../suites/recipes/ordering.yaml"), folder.resolve("ordering.yaml"));
        suite = SuiteFile.parse(SUITE, folder.resolve("suite.yaml"));
    }

    private final class Pupil implements ClosedModels.Pupil {

        @Override
        public Answer ask(String question, Mode mode, Evidence evidence) {
            asked.add(mode + " " + question);
            List<String> passages =
                    evidence instanceof Evidence.Given given ? given.passages().apply(question) : List.of();
            return new Answer("37 gulls", mode, 1, 1, 0, passages);
        }

        @Override
        public Answer ask(String question, Mode mode, Frame frame) {
            asked.add(mode + " framed " + question);
            return new Answer("no idea", mode, 1, 1, 0, List.of());
        }

        @Override
        public void close() {
            asked.add("closed");
        }
    }

    private ClosedModels.Pupil teach(ClosedModels.Lesson lesson) {
        taught.add(lesson);
        return new Pupil();
    }

    private List<Result> run(Plan plan, ClosedModels closed) {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        SuiteRun.Listener listener = new SuiteRun.Listener() {
            @Override
            public void finished(Result result, int done, int total, double secondsLeft) {}

            @Override
            public void failed(Unit unit, LiftException why, int done, int total) {
                asked.add(why.getMessage());
            }
        };
        try (ResultStore store = run.results();
                UnitWork work = new UnitWork(
                        data,
                        run.work(),
                        weights -> {
                            throw new AssertionError("nothing runs here, but " + weights + " was opened");
                        },
                        closed)) {
            store.plan(plan.units());
            new SuiteRun(store, work, listener).run(plan.some(List.of(), Integer.MAX_VALUE));
            return store.results();
        }
    }

    @Test
    void whatAClosedModelCannotDoIsLeftOutAndSaid() {
        Plan plan = Plan.of(suite, data);
        assertThat(plan.units())
                .extracting(Unit::modes)
                .containsExactly(List.of("base", "icl"), List.of("lift", "lift+evidence+icl:gold"), List.of("lift+at"));
        assertThat(plan.units()).allSatisfy(unit -> {
            assertThat(unit.weights()).isEqualTo("gpt-3.5-turbo-1106");
            assertThat(unit.provider()).contains(new Unit.Provider("https://provider/v1", 4000));
        });
        assertThat(plan.missing()).hasSize(3).allMatch(missing -> missing.endsWith("for gpt, a closed model"));
        assertThat(plan.missing().toString()).contains("modes with sft", "needles", "the recipe self-study");
    }

    @Test
    void answersAreScoredAndWhatNobodyTellsIsAbsent() {
        List<Result> results = run(Plan.of(suite, data), this::teach);
        assertThat(taught).hasSize(3).extracting(ClosedModels.Lesson::folder).doesNotHaveDuplicates();
        assertThat(taught).allSatisfy(lesson -> assertThat(lesson.folder()).startsWithRaw(folder.resolve("run/work")));
        assertThat(asked.stream().filter("closed"::equals)).hasSize(3);
        assertThat(asked)
                .contains("base How many gulls on day 3?", "lift+evidence+icl How many gulls on day 3?")
                .noneMatch(line -> line.startsWith("icl How"))
                .anyMatch(line -> line.startsWith("icl framed ") && line.contains("How many gulls on day 3?"));
        List<Finding.Scored> found = results.stream()
                .flatMap(result -> result.findings().stream())
                .map(Finding.Scored.class::cast)
                .toList();
        assertThat(found)
                .hasSize(2 * 4 + 1)
                .allSatisfy(finding ->
                        assertThat(finding.scores()).doesNotContainKey("nll").containsKey("f1"));
        assertThat(found)
                .filteredOn(finding -> finding.mode().endsWith(":gold"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.evidence()).hasSize(1));
        assertThat(found.getFirst().scores().get("f1")).isPositive();
        assertThat(SuiteTable.of(results))
                .allSatisfy(row -> assertThat(row.nll()).isEmpty());

        taught.clear();
        run(Plan.of(suite, data), this::teach);
        assertThat(taught).as("nothing is done twice").isEmpty();
    }

    @Test
    void whereNobodySpeaksWithProvidersThatIsSaid() {
        assertThat(run(Plan.of(suite, data), ClosedModels.NONE)).isEmpty();
        assertThat(asked).hasSize(3).allMatch(line -> line.contains("gpt is a closed model"));
    }
}
