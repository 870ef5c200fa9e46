package io.github.lift4j.absorb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.TaskSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times worked out by hand. */
class AbsorbSpeedTest {

    /** On 1,000 tokens 9 segments of 256, twice. */
    private static final Recipe FAST = RecipeFile.named("fast");

    private static final AbsorbSpeed SPEED = new AbsorbSpeed(100, 50);

    private static Recipe with(TaskSettings.Source... sources) {
        return FAST.withTasks(Optional.of(new TaskSettings(1, 3, List.of(sources))));
    }

    @Test
    void segmentsAreTrainedOnceAnEpoch() {
        assertThat(SPEED.seconds(FAST, 1000)).isCloseTo(9 * 256 * 2 / 100.0, within(1e-9));
    }

    @Test
    void selfStudyWritesAQuestionOnceAndTrainsBothItsAnswers() {
        double segments = 4 * 512 * 6;
        double questions = 40 * 5;
        assertThat(SPEED.seconds(RecipeFile.named("self-study"), 1000))
                .isCloseTo((segments + questions * 2 * 70 * 3) / 100 + questions * 64 / 50, within(1e-9));
    }

    @Test
    void everySourceTakesTheTimeOfItsTasks() {
        TaskSettings.Base base = new TaskSettings.Base();
        double segments = SPEED.seconds(FAST, 1000);
        Recipe sentences = with(new TaskSettings.Questions(base, new TaskSettings.Sentence(2048), 2, 0.7, 24, false));
        assertThat(SPEED.seconds(sentences, 1000) - segments)
                .isCloseTo(80 * 46 * 3 / 100.0 + 80 * 40 / 50.0, within(1e-9));
        Recipe pieces = with(new TaskSettings.Questions(base, new TaskSettings.Pieces(5, 900), 2, 0.7, 24, false));
        assertThat(SPEED.seconds(pieces, 1000) - segments)
                .isCloseTo(10 * 46 * 3 / 100.0 + 10 * 40 / 50.0, within(1e-9));
        Recipe ruled = with(new TaskSettings.Rules("cloze", 7), new TaskSettings.Ordering(10, 800));
        assertThat(SPEED.seconds(ruled, 1000) - segments).isCloseTo((7 * 64 + 10 * 5 * 100) * 3 / 100.0, within(1e-9));
        Recipe joined = with(new TaskSettings.Joints(10, 2700), new TaskSettings.Joints(4, 400));
        assertThat(SPEED.seconds(joined, 1000) - segments)
                .isCloseTo((10 * (64 + 1800 * 0.75 / 4) + 4 * (64 + 800 * 0.75 / 4)) * 3 / 100, within(1e-9));
    }

    @Test
    void aMemoryTellsTheSpeedAndTheNumberOfSentences(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("document.txt"), "Gulls came. Seals left.");
        Memory memory = new Memory(folder, manifest(FAST, new Manifest.Seconds(7, 46.08)));
        AbsorbSpeed speed = AbsorbSpeed.of(memory);
        assertThat(speed.training()).isCloseTo(100, within(1e-9));
        assertThat(speed.seconds(FAST, memory)).isCloseTo(46.08, within(1e-9));
        assertThat(speed.seconds(RecipeFile.named("self-study"), memory))
                .isCloseTo((4 * 512 * 6 + 2 * 5 * (145 + 2 * 70 * 3)) / 100.0, within(1e-9));
    }

    @Test
    void theSameRecipeTakesAsLongAsItTookAndAnotherGoesByTheSpeedOfTraining(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("document.txt"), "Gulls came. ".repeat(40));
        Recipe study = RecipeFile.named("self-study");
        Memory memory = new Memory(folder, manifest(study.withSeed(9), new Manifest.Seconds(300, 100)));
        // 40 sentences are what 1,000 tokens are taken to have.
        assertThat(AbsorbSpeed.seconds(memory, study, 1000)).isCloseTo(400, within(1e-9));
        double speed = (4 * 512 * 6 + 40 * 5 * 2 * 70 * 3) / 100.0;
        assertThat(AbsorbSpeed.seconds(memory, FAST, 1000)).isCloseTo(9 * 256 * 2 / speed, within(1e-9));
    }

    @Test
    void aModelIsMeasuredAndStaysAsItIs() {
        try (LanguageModel model = LanguageModel.load(
                "tiny", Path.of("src/test/resources/tiny"), ComputeDevice.parse("cpu"), ComputeType.FLOAT32)) {
            AbsorbSpeed speed = AbsorbSpeed.measure(model);
            assertThat(speed.training()).isPositive().isFinite();
            assertThat(speed.writing()).isCloseTo(speed.training() * 64 / 145, within(1e-9));
        }
    }

    private static Manifest manifest(Recipe recipe, Manifest.Seconds seconds) {
        return new Manifest(
                Manifest.CURRENT,
                "test",
                "Gulls",
                "",
                1000,
                "tiny",
                "",
                "float32",
                recipe,
                List.of(),
                List.of(),
                seconds,
                Optional.empty());
    }
}
