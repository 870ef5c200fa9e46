package io.github.lift4j.evaluation.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.recipe.RecipeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreTest {

    private static final Unit.Reading FIRST = reading("shortdep_qa:1");
    private static final Unit.Reading SECOND = reading("shortdep_qa:2");
    private static final Unit HAYSTACK = new Unit.Haystack(
            "tiny",
            "tiny",
            2048,
            0.5,
            "sandwich",
            Optional.of(RecipeFile.named("fast")),
            0,
            List.of("icl", "lift+icl"));
    private static final Unit SPEED = new Unit.Speed("tiny", "tiny", 1024, 1, Optional.empty(), 7, List.of("icl"));

    private static final Finding ANSWER = new Finding.Scored(
            "loogle/shortdep_qa",
            "shortdep_qa",
            "shortdep_qa:1",
            "A \"title\"\nof two lines",
            1,
            "Who?",
            "Ada, or Byron",
            "lift+icl",
            "Ada 😀",
            List.of("One.", "Two, three."),
            Map.of("f1", 0.5, "nll", 1.0 / 3));
    private static final Finding NEEDLE =
            new Finding.Needle(2048, 0.5, "sandwich", "icl", "What to eat?", "A sandwich.", "Bread.", 0.25, 2.5);
    private static final Finding TIMING = new Finding.Timing(
            "icl", 1024, 1, OptionalDouble.of(1.5), Map.of("answer", 1.5), OptionalLong.empty(), false);

    @TempDir
    private Path folder;

    private static Unit.Reading reading(String document) {
        return new Unit.Reading(
                "tiny",
                "folder/tiny",
                "loogle/shortdep_qa",
                document,
                Optional.of(RecipeFile.named("self-study")),
                3,
                List.of("lift", "lift+icl"),
                6000,
                64,
                Optional.empty());
    }

    private static Result result(Unit unit, Finding... findings) {
        return new Result(unit, new Effort(100, 1, 2, 4), List.of(findings));
    }

    private ResultStore store() {
        return ResultStore.open(folder.resolve("results.db"));
    }

    @Test
    void aClosedModelsUnitComesBackAndOthersAreWrittenAsBefore() {
        Unit.Reading here = reading("shortdep_qa:1");
        Unit.Reading closed = new Unit.Reading(
                here.model(),
                here.weights(),
                here.set(),
                here.document(),
                here.recipe(),
                here.seed(),
                here.modes(),
                here.documentTokens(),
                here.answerTokens(),
                Optional.of(new Unit.Provider("https://api.openai.com/v1", 14_000)));
        assertThat(ResultJson.write(here)).doesNotContain("provider");
        try (ResultStore store = store()) {
            store.plan(List.of(here, closed));
            assertThat(store.open()).containsExactly(here, closed);
        }
    }

    @Test
    void givesBackWhatItWasGiven() {
        List<Result> results =
                List.of(result(FIRST, ANSWER), result(SECOND), result(HAYSTACK, NEEDLE), result(SPEED, TIMING));
        try (ResultStore store = store()) {
            store.plan(results.stream().map(Result::unit).toList());
            results.forEach(store::add);
        }
        try (ResultStore store = store()) {
            assertThat(store.results()).isEqualTo(results);
            assertThat(store.open()).isEmpty();
            assertThat(store.findings(Finding.Needle.class)).containsExactly((Finding.Needle) NEEDLE);
        }
    }

    @Test
    void keepsThePlansOrderWhateverWasDoneFirst() {
        try (ResultStore store = store()) {
            store.plan(List.of(FIRST, SECOND, HAYSTACK));
            store.add(result(HAYSTACK, NEEDLE));
            store.add(result(FIRST, ANSWER));
            assertThat(store.open()).containsExactly(SECOND);
            store.plan(List.of(SECOND, FIRST, HAYSTACK, SPEED));
            assertThat(store.planned()).containsExactly(SECOND, FIRST, HAYSTACK, SPEED);
            assertThat(store.open()).containsExactly(SECOND, SPEED);
            assertThat(store.results()).extracting(Result::unit).containsExactly(FIRST, HAYSTACK);
            store.plan(List.of(SPEED));
            assertThat(store.results()).as("an earlier plan's stay").hasSize(2);
        }
    }

    @Test
    void putsANewResultInThePlaceOfAnOlderOne() {
        try (ResultStore store = store()) {
            store.add(result(FIRST, ANSWER, ANSWER));
            store.add(result(FIRST, ANSWER));
            assertThat(store.results()).containsExactly(result(FIRST, ANSWER));
        }
    }

    @RepeatedTest(10)
    void severalWriteAtOnceAndLoseNothing() throws Exception {
        List<Unit> units = IntStream.rangeClosed(1, 24)
                .<Unit>mapToObj(i -> reading("shortdep_qa:" + i))
                .toList();
        int writers = 4;
        CyclicBarrier together = new CyclicBarrier(writers);
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            List<Future<?>> written = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int first = i;
                written.add(threads.submit(() -> {
                    together.await();
                    try (ResultStore store = store()) {
                        for (int place = first; place < units.size(); place += writers) {
                            store.plan(units);
                            store.add(result(units.get(place), ANSWER, NEEDLE));
                            assertThat(store.results())
                                    .as("a unit is there with its findings or not at all")
                                    .allSatisfy(result ->
                                            assertThat(result.findings()).containsExactly(ANSWER, NEEDLE));
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : written) {
                each.get();
            }
        }
        try (ResultStore store = store()) {
            assertThat(store.planned()).isEqualTo(units);
            assertThat(store.results())
                    .isEqualTo(units.stream()
                            .map(unit -> result(unit, ANSWER, NEEDLE))
                            .toList());
        }
    }

    @Test
    void whatAFailedTransactionBeganIsUndone() {
        try (ResultStore store = store()) {
            store.plan(List.of(FIRST, SECOND));
            List<Unit> breaking = new AbstractList<>() {
                @Override
                public Unit get(int index) {
                    if (index == 1) {
                        throw new IllegalStateException("broken");
                    }
                    return HAYSTACK;
                }

                @Override
                public int size() {
                    return 2;
                }
            };
            assertThatThrownBy(() -> store.plan(breaking)).hasMessage("broken");
            assertThat(store.planned()).containsExactly(FIRST, SECOND);
            store.add(result(FIRST, ANSWER));
            assertThat(store.results()).hasSize(1);
        }
    }

    @Test
    void hasAColumnForEachValue() throws Exception {
        try (ResultStore store = store()) {
            store.add(result(FIRST, ANSWER));
            store.add(result(HAYSTACK, NEEDLE));
            store.add(result(SPEED, TIMING));
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("results.db"));
                Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery("SELECT recipe, seed, mode, metric, score FROM scores")) {
                assertThat(row.getString(1)).isEqualTo("self-study");
                assertThat(row.getLong(2)).isEqualTo(3);
                assertThat(row.getString(3)).isEqualTo("lift+icl");
                assertThat(row.getString(4)).isEqualTo("f1");
                assertThat(row.getDouble(5)).isEqualTo(0.5);
            }
            try (ResultSet row = statement.executeQuery("SELECT recall FROM needles")) {
                assertThat(row.getDouble(1)).isEqualTo(0.25);
            }
            try (ResultSet row = statement.executeQuery("SELECT seconds, peak_bytes FROM timings")) {
                assertThat(row.getDouble(1)).isEqualTo(1.5);
                assertThat(row.getObject(2)).isNull();
            }
        }
    }

    @Test
    void refusesAFileThatIsNoneOfItsOwn() throws Exception {
        Files.writeString(folder.resolve("results.db"), "not a database, but long enough to be looked at".repeat(20));
        assertThatThrownBy(this::store).isInstanceOf(LiftException.class).hasMessageContaining("results.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("other.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(() -> ResultStore.open(folder.resolve("other.db")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("99");
    }

    @Test
    void refusesResultsThatEqualUnitsNoLongerGive() throws Exception {
        store().close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("results.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 1");
        }
        assertThatThrownBy(this::store)
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("version 1")
                .hasMessageContaining("run the suite anew");
    }

    @Test
    void aRunsFolderKeepsTheSuiteAndTheEnvironment() {
        Environment environment = new Environment(
                "1.0",
                List.of("bench", "run"),
                "cpu",
                "float32",
                2,
                Map.of("tiny", "abc"),
                "2026-01-02T03:04:05Z",
                Map.of());
        assertThatThrownBy(() -> RunFolder.open(folder)).isInstanceOf(LiftException.class);
        RunFolder.create(folder).begin("name: small\n", environment);
        RunFolder run = RunFolder.open(folder);
        assertThat(run.suite()).isEqualTo("name: small\n");
        assertThat(run.environment()).isEqualTo(environment);
    }
}
