package io.github.lift4j.evaluation.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.result.Environment;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.ResultStore;
import io.github.lift4j.evaluation.result.RunFolder;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.task.OrderingTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A suite from its YAML to its results, on the tiny model. */
class SuiteRunTest {

    private static final String SUITE = """
            name: tiny
            models:
              - { name: tiny, weights: ../lift4j-core/src/test/resources/tiny }
            sets:
              - name: loogle/longdep_qa
                modes: [base, icl, lift, lift+icl, rag:gold, lift+evidence+icl:gold]
              - { name: bamboo/showssort_4k, limit: 2, sample_seed: 1, modes: [base, "icl:joints", lift, "lift+icl:joints"] }
              - longbench/musique
            recipes: [tiny.yaml]
            answer_tokens: 6
            needles: { lengths: [300], depths: [0, 1], modes: [icl, lift] , recipe: tiny.yaml }
            efficiency: { lengths: [100, 300], repeat: 1, recipe: tiny.yaml }
            order: { lengths: [280], passage: 8, recipe: tiny.yaml }
            """;

    @TempDir
    private Path folder;

    private Path data;
    private Suite suite;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeEach
    void write() throws IOException {
        data = SmallData.write(folder.resolve("data"));
        Files.writeString(folder.resolve("tiny.yaml"), RecipeFile.write(TinyLift.RECIPE));
        suite = SuiteFile.parse(SUITE, folder.resolve("tiny-suite.yaml"));
    }

    private final class Hearing implements SuiteRun.Listener {

        @Override
        public void finished(Result result, int done, int total, double secondsLeft) {
            heard.add(done + "/" + total);
            assertThat(secondsLeft).isGreaterThanOrEqualTo(0);
            assertThat(done < total).isEqualTo(secondsLeft > 0);
        }

        @Override
        public void failed(Unit unit, LiftException why, int done, int total) {
            heard.add("failed: " + why.getMessage());
        }
    }

    private static Lift open(String weights, Progress progress) {
        return Lift.open(LiftOptions.defaults()
                .withModel(weights)
                .withDevice("cpu")
                .withDtype("float32")
                .withProgress(progress));
    }

    private List<SuiteRun.Failure> run(Path out, Plan plan, Progress progress) {
        return run(out, plan, new Share(1, 1), progress);
    }

    private List<SuiteRun.Failure> run(Path out, Plan plan, Share share, Progress progress) {
        RunFolder run = RunFolder.create(out);
        try (ResultStore store = run.results();
                UnitWork work = new UnitWork(data, run.work(), weights -> open(weights, progress), ClosedModels.NONE)) {
            store.plan(plan.units());
            return new SuiteRun(store, work, new Hearing()).run(share.of(plan.some(List.of(), Integer.MAX_VALUE)));
        }
    }

    private static List<List<Finding>> findings(Path out) {
        try (ResultStore store = RunFolder.create(out).results()) {
            return store.results().stream()
                    .map(result -> result.findings().stream()
                            .map(SuiteRunTest::withoutTimes)
                            .toList())
                    .toList();
        }
    }

    private static Finding withoutTimes(Finding finding) {
        return finding instanceof Finding.Timing timing
                ? new Finding.Timing(
                        timing.mode(),
                        timing.tokens(),
                        timing.repetition(),
                        timing.seconds().isPresent() ? OptionalDouble.of(0) : OptionalDouble.empty(),
                        Map.of(),
                        OptionalLong.empty(),
                        timing.outOfMemory())
                : finding;
    }

    @Test
    void plansAUnitForEachDocumentAndRecipe() {
        Plan plan = Plan.of(suite, data);
        assertThat(plan.units()).hasSize(2 * 2 + 2 * 2 + 2 * 2 + 2 * 2 + 1).doesNotHaveDuplicates();
        assertThat(plan.missing()).containsExactly("longbench/musique");
        assertThat(plan.badLines())
                .singleElement()
                .satisfies(bad -> assertThat(bad.line()).isEqualTo(2));
        assertThat(plan.sizes()).containsEntry("loogle/longdep_qa", 2).containsEntry("bamboo/showssort_4k", 2);
        assertThat(plan.units().getFirst().modes()).containsExactly("base", "icl", "rag:gold");
        assertThat(plan.units().get(1).modes()).containsExactly("lift", "lift+icl", "lift+evidence+icl:gold");
        assertThat(Plan.of(suite, data).units()).isEqualTo(plan.units());

        assertThat(plan.some(List.of("needles"), 1)).hasSize(2);
        assertThat(plan.some(List.of("efficiency"), 1))
                .as("all modes of one input")
                .hasSize(2);
        assertThat(plan.some(List.of("order"), 1))
                .singleElement()
                .satisfies(step ->
                        assertThat(step.unit().modes()).containsExactly("base", "lift:touching", "lift:overlapping"));
        assertThat(plan.some(List.of("longdep_qa", "bamboo/showssort_4k"), 1)).hasSize(4);
        assertThatThrownBy(() -> plan.some(List.of("longdep"), 1))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("loogle/longdep_qa");
        assertThatThrownBy(() -> Plan.of(suite, folder.resolve("nowhere")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("--data");
    }

    @Test
    void onlyPassagesToBeOrderedAreAskedByTheirJoints() {
        for (String other : List.of("loogle/longdep_qa", "loogle/loogle_timeline")) {
            Suite wrong = SuiteFile.parse(
                    "name: n\nsets: [{name: " + other + ", modes: [icl, 'icl:joints']}]", folder.resolve("wrong.yaml"));
            assertThatThrownBy(() -> Plan.of(wrong, data))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining(other)
                    .hasMessageContaining("icl:joints")
                    .hasMessageContaining("2 to 7 passages");
        }
        Suite closed = SuiteFile.parse(
                "name: n\nmodels: [{name: gpt, endpoint: e}]\nsets: [{name: bamboo/showssort_4k, modes: ['icl:joints']}]",
                folder.resolve("closed.yaml"));
        assertThatThrownBy(() -> Plan.of(closed, data))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("The closed model gpt")
                .hasMessageContaining("icl:joints");
    }

    @Test
    void aRunThatIsBrokenOffTwiceFindsTheSameAsAnUnbrokenOne() {
        Plan plan = Plan.of(suite, data);
        Path whole = folder.resolve("whole");
        assertThat(run(whole, plan, Progress.SILENT)).isEmpty();
        assertThat(heard).hasSize(plan.units().size()).contains("1/17", "17/17");

        Path broken = folder.resolve("broken");
        AtomicInteger steps = new AtomicInteger();
        // A document takes some seven steps: the interrupts come in the middle of absorbs.
        Progress interrupting = (activity, done, total, detail) -> {
            if (activity.startsWith("Absorbing") && steps.incrementAndGet() % 5 == 0) {
                Thread.currentThread().interrupt();
            }
        };
        int times = 0;
        while (times < 50) {
            try {
                run(broken, plan, interrupting);
                break;
            } catch (CancellationException e) {
                times++;
                assertThat(Thread.interrupted())
                        .as("the flag stays for who called")
                        .isTrue();
            }
        }
        assertThat(times).isGreaterThan(1);
        assertThat(findings(broken)).isEqualTo(findings(whole));
        heard.clear();
        run(broken, plan, Progress.SILENT);
        assertThat(heard).as("nothing is done twice").isEmpty();
    }

    @Test
    void sharesThatAreDoneAtOnceFindTheSameAsOneRun() throws Exception {
        Plan plan = Plan.of(suite, data);
        Path whole = folder.resolve("whole");
        assertThat(run(whole, plan, Progress.SILENT)).isEmpty();
        heard.clear();

        Path shared = folder.resolve("shared");
        int count = 2;
        CyclicBarrier together = new CyclicBarrier(count);
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<List<SuiteRun.Failure>>> shares = new ArrayList<>();
            for (int number = 1; number <= count; number++) {
                Share share = new Share(number, count);
                shares.add(threads.submit(() -> {
                    together.await();
                    return run(shared, plan, share, Progress.SILENT);
                }));
            }
            for (Future<List<SuiteRun.Failure>> share : shares) {
                assertThat(share.get()).isEmpty();
            }
        }
        assertThat(findings(shared)).isEqualTo(findings(whole));
        assertThat(heard).as("each counts its own").hasSize(plan.units().size()).contains("9/9", "8/8");
        assertThat(memories(shared)).isEqualTo(memories(whole));
    }

    /** The names of the folders that memories lie in. */
    private static Set<Path> memories(Path out) throws IOException {
        Path work = RunFolder.create(out).work();
        try (Stream<Path> files = Files.walk(work)) {
            return files.filter(file -> file.endsWith("memory.json"))
                    .map(work::relativize)
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void everyQuestionIsScoredInEveryMode() {
        Path out = folder.resolve("run");
        run(out, Plan.of(suite, data), Progress.SILENT);
        try (ResultStore store = RunFolder.create(out).results()) {
            List<Finding.Scored> scored = store.findings(Finding.Scored.class).toList();
            assertThat(scored)
                    .filteredOn(finding -> finding.set().equals("loogle/longdep_qa"))
                    .hasSize(2 * (4 * 2 + 2))
                    .extracting(Finding.Scored::question)
                    .as("whatever the prompt, a report shows the question")
                    .containsOnly("How many gulls on day 3?", "How many seals on day 3?", "Order:\n1. day 9\n2. day 2");
            assertThat(scored)
                    .filteredOn(finding ->
                            !finding.set().equals("order") && !finding.mode().endsWith(":joints"))
                    .allSatisfy(
                            finding -> assertThat(finding.scores().get("nll")).isPositive());
            assertThat(scored)
                    .filteredOn(finding -> finding.set().equals("order"))
                    .hasSize(3 * 2)
                    .allSatisfy(finding -> assertThat(finding.scores()).containsOnlyKeys("accuracy", "margin"));
            assertThat(scored)
                    .filteredOn(finding -> finding.kind().equals("timeline_reorder"))
                    .hasSize(2 * 4)
                    .allSatisfy(finding -> assertThat(finding.scores()).containsKeys("concordance", "swap_deviation"));
            assertThat(scored)
                    .filteredOn(finding -> finding.mode().endsWith(":joints"))
                    .hasSize(2 * 2)
                    .allSatisfy(finding -> {
                        assertThat(finding.set()).isEqualTo("bamboo/showssort_4k");
                        assertThat(OrderingTask.parse(finding.answer(), 3).orElseThrow())
                                .containsExactlyInAnyOrder(0, 1, 2);
                        assertThat(finding.evidence()).isEmpty();
                        assertThat(finding.scores()).containsKey("concordance").doesNotContainKey("nll");
                    });
            assertThat(scored)
                    .filteredOn(finding -> finding.mode().endsWith(":gold"))
                    .hasSize(4)
                    .allSatisfy(finding -> {
                        assertThat(finding.number()).isEqualTo(1);
                        assertThat(finding.evidence())
                                .singleElement()
                                .asString()
                                .startsWith("On day 3 ");
                    });
            assertThat(store.findings(Finding.Needle.class)).hasSize(2 * 2 * 2);
            assertThat(store.findings(Finding.Timing.class))
                    .hasSize(4)
                    .filteredOn(timing -> timing.seconds().isEmpty())
                    .as("a window of 256 does not hold the input")
                    .singleElement()
                    .satisfies(timing ->
                            assertThat(timing.tokens() + timing.mode()).isEqualTo("300icl"));
            assertThat(SuiteTable.of(store.results()))
                    .extracting(SuiteTable.Row::metric)
                    .contains("f1", "concordance", "recall", "seconds", "accuracy");
        }
    }

    @Test
    void aUnitThatCannotBeDoneDoesNotStopTheOthers() throws IOException {
        Plan plan = Plan.of(suite, data);
        Files.writeString(
                data.resolve("bamboo/showssort_4k.jsonl"), Files.readString(data.resolve("loogle/longdep_qa.jsonl")));
        List<SuiteRun.Failure> failures = run(folder.resolve("run"), plan, Progress.SILENT);
        assertThat(failures)
                .hasSize(4)
                .allSatisfy(failure -> assertThat(failure.why()).hasMessageContaining("showssort_4k"));
        assertThat(findings(folder.resolve("run"))).hasSize(13);
    }

    @Test
    void refusesToMixRuns() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        Environment now = environment("float32", Map.of("tiny", "abc"));
        SuiteRun.begin(run, SUITE, now);
        SuiteRun.begin(run, SUITE, environment("float32", Map.of("other", "def")));
        assertThat(run.environment().models()).containsEntry("tiny", "abc").containsEntry("other", "def");
        assertThatThrownBy(() -> SuiteRun.begin(run, SUITE + "#", now)).hasMessageContaining("another suite");
        assertThatThrownBy(() -> SuiteRun.begin(run, SUITE, environment("bfloat16", Map.of())))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("data type");
        assertThatThrownBy(() -> SuiteRun.begin(run, SUITE, environment("float32", Map.of("tiny", "xyz"))))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("tiny");
    }

    @Test
    void sharesThatBeginAtOnceAllSayUnderWhat() throws Exception {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        int count = 4;
        CyclicBarrier together = new CyclicBarrier(count);
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<?>> shares = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Environment now = environment("float32", Map.of("model " + i, "abc"));
                shares.add(threads.submit(() -> {
                    together.await();
                    SuiteRun.begin(run, SUITE, now);
                    return null;
                }));
            }
            for (Future<?> share : shares) {
                share.get();
            }
        }
        assertThat(run.environment().models()).hasSize(count);
    }

    @Test
    void aRunThatBeganAtAProviderGoesOnHere() {
        RunFolder run = RunFolder.create(folder.resolve("run"));
        Environment away =
                new Environment("1", List.of("lift"), "", "", 0, Map.of(), "2026-01-02T03:04:05Z", Map.of("a", "b"));
        SuiteRun.begin(run, SUITE, away);
        assertThat(run.environment().local()).isFalse();
        SuiteRun.begin(run, SUITE, environment("float32", Map.of("tiny", "abc")));
        SuiteRun.begin(run, SUITE, away);
        assertThat(run.environment().dtype()).isEqualTo("float32");
        assertThat(run.environment().threads()).isEqualTo(2);
        assertThat(run.environment().details()).containsEntry("a", "b");
        assertThatThrownBy(() -> SuiteRun.begin(run, SUITE, environment("bfloat16", Map.of())))
                .hasMessageContaining("data type");
    }

    private static Environment environment(String dtype, Map<String, String> models) {
        return new Environment("1", List.of("lift"), "cpu", dtype, 2, models, "2026-01-02T03:04:05Z", Map.of());
    }
}
