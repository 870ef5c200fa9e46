package io.github.lift4j.sft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.recipe.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fine-tuning beforehand, on a tiny random model. */
class PreTrainingTest {

    private static final Path TINY = Path.of("src/test/resources/tiny");
    private static final SftPlan PLAN = new SftPlan(6, 0.2, 6);

    @TempDir
    private Path folder;

    private Path corpus;

    @BeforeEach
    void writeCorpus() throws IOException {
        corpus = Files.createDirectory(folder.resolve("corpus"));
        for (int d = 0; d < 5; d++) {
            int ship = d;
            String text = IntStream.range(0, 20 + 10 * d)
                    .mapToObj(i ->
                            "On day " + i + " the crew of ship " + ship + " counted " + (i * 37 % 101) + " gulls. ")
                    .collect(Collectors.joining());
            Files.writeString(corpus.resolve("ship" + d + ".txt"), text);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 0})
    void itsResultIsABaseOnWhichDocumentsAreAbsorbed(int rank) {
        Path out = folder.resolve("base");
        TunedBase base;
        try (Lift lift = open(TINY, Progress.SILENT)) {
            base = lift.tune(corpus, recipe(rank), PLAN, out);
        }
        assertThat(base.losses().getLast()).isLessThan(base.losses().getFirst() - 0.1);
        assertThat(base.heldOut()).hasSize(1);
        assertThat(base.documents()).hasSize(4).doesNotContainAnyElementsOf(base.heldOut());
        assertThat(TunedBase.in(out)).contains(base);

        Path memory = folder.resolve("m");
        try (Lift tuned = open(out, Progress.SILENT);
                Lift plain = open(TINY, Progress.SILENT)) {
            Memory first = tuned.absorb(corpus.resolve("ship0.txt"), memory);
            double started = first.manifest().losses().getFirst();
            Memory second = plain.absorb(corpus.resolve("ship0.txt"), folder.resolve("n"));
            assertThat(started).isLessThan(second.manifest().losses().getFirst() - 0.03);
            try (Answerer answerer = tuned.answerer(first, Mode.parse("sft+lift+icl"), 4)) {
                assertThat(answerer.score("How many?", "37 gulls")).isPositive();
            }
            assertThatThrownBy(() -> tuned.answerer(first, Mode.LIFT_ICL, 4))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("'sft'");
            assertThatThrownBy(() -> plain.answerer(first, Mode.LIFT, 4))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("base model");
        }
    }

    @Test
    void aStoppedRunGoesOnToTheLossesOfAnUnbrokenOne() {
        TunedBase unbroken;
        try (Lift lift = open(TINY, Progress.SILENT)) {
            unbroken = lift.tune(corpus, recipe(4), PLAN, folder.resolve("unbroken"));
        }
        Path out = folder.resolve("broken");
        Progress stopper = (activity, done, total, detail) -> {
            if (done == 10) {
                Thread.currentThread().interrupt();
            }
        };
        try (Lift lift = open(TINY, stopper)) {
            assertThatThrownBy(() -> lift.tune(corpus, recipe(4), PLAN, out)).isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(TunedBase.in(out)).isEmpty();
            assertThatThrownBy(() -> lift.tune(corpus, recipe(5), PLAN, out))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("unfinished");
        }
        try (Lift lift = open(TINY, Progress.SILENT)) {
            assertThat(lift.tune(corpus, recipe(4), PLAN, out)).isEqualTo(unbroken);
        }
    }

    @Test
    void theBestEpochIsKeptAndTrainingEndsWhenItGetsNoBetter() {
        TunedBase base = new TunedBase(
                1, "tiny", "0", recipe(4), new SftPlan(9, 0.5, 2), List.of(), List.of(), 0, 0, List.of(), List.of());
        double[] heldOut = {3, 2, 2.5, 2.1};
        for (double loss : heldOut) {
            assertThat(base.done()).isFalse();
            base = base.after(1, loss);
        }
        assertThat(base.best()).isEqualTo(2);
        assertThat(base.done()).isTrue();
    }

    @Test
    void theHeldOutLossIsThatOfTheKeptWeights() {
        Path out = folder.resolve("base");
        SftPlan plan = new SftPlan(3, 0.2, 3);
        TunedBase base;
        try (Lift lift = open(TINY, Progress.SILENT)) {
            base = lift.tune(corpus, recipe(4).withTasks(Optional.empty()), plan, out);
        }
        try (Lift tuned = open(out, Progress.SILENT)) {
            TunedBase again = tuned.tune(corpus, untrained(), new SftPlan(1, 0.2, 1), folder.resolve("again"));
            assertThat(again.heldOut()).isEqualTo(base.heldOut());
            assertThat(again.heldOutLosses().getFirst())
                    .isCloseTo(base.heldOutLosses().get(base.best() - 1), within(1e-3));
        }
    }

    @Test
    void aCorpusOfOneDocumentIsRefusedInWords() throws IOException {
        try (Stream<Path> files = Files.list(corpus)) {
            for (Path file : files.skip(1).toList()) {
                Files.delete(file);
            }
        }
        try (Lift lift = open(TINY, Progress.SILENT)) {
            assertThatThrownBy(() -> lift.tune(corpus, recipe(4), PLAN, folder.resolve("base")))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("at least 2");
        }
    }

    private static Recipe untrained() {
        Recipe recipe = recipe(4).withTasks(Optional.empty());
        return recipe.with(recipe.training().withLearningRate(1e-12));
    }

    private static Recipe recipe(int rank) {
        return new Recipe(
                "test",
                new SegmentSettings(64, 24, 1),
                AdapterSettings.allLinear(rank, 8),
                new TrainingSettings(5e-3, 0.1, Schedule.Decay.LINEAR, 0.99, 0, 1, 256, 0, 1),
                Optional.of(new TaskSettings(1, 1, List.of(new TaskSettings.Rules("cloze", 8)))),
                3);
    }

    private static Lift open(Path model, Progress progress) {
        return Lift.open(LiftOptions.defaults()
                .withModel(model.toString())
                .withDevice("cpu")
                .withDtype("float32")
                .withProgress(progress));
    }
}
