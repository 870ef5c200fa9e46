package io.github.lift4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class RecipeFileTest {

    static final List<String> NAMED = RecipeFile.NAMED;

    @ParameterizedTest
    @FieldSource("NAMED")
    void whatIsWrittenIsReadAgain(String name) {
        Recipe recipe = RecipeFile.named(name);
        assertThat(recipe.name()).isEqualTo(name);
        assertThat(RecipeFile.parse(RecipeFile.write(recipe), "written")).isEqualTo(recipe);
    }

    @Test
    void theNamedOnesAreAsTheirNamesSay() {
        assertThat(RecipeFile.named("fast").tasks()).isEmpty();
        assertThat(RecipeFile.named("recite").training().learningRate())
                .isGreaterThan(RecipeFile.named("fast").training().learningRate());
        assertThat(RecipeFile.named("self-study").tasks().orElseThrow().sources())
                .hasOnlyElementsOfType(TaskSettings.SelfStudy.class);
        assertThat(RecipeFile.named("every-sentence").tasks().orElseThrow().sources())
                .hasOnlyElementsOfType(TaskSettings.Questions.class);
    }

    @Test
    void whoWritesQuestionsAndFromWhatIsWrittenAndReadAgain() {
        TaskSettings.Questions endpoint = new TaskSettings.Questions(
                new TaskSettings.Endpoint(
                        "http://localhost:8000/v1", "m", 4, Optional.of(new TaskSettings.Tariff(0.15, 0.6, 80))),
                new TaskSettings.Pieces(8, 1000),
                5,
                0.7,
                48,
                true);
        Recipe recipe = RecipeFile.named("fast").withTasks(Optional.of(new TaskSettings(1, 2, List.of(endpoint))));
        String yaml = RecipeFile.write(recipe);
        assertThat(yaml).contains("kind: endpoint", "at_once: 4", "kind: pieces", "self_check: true");
        assertThat(RecipeFile.parse(yaml, "written")).isEqualTo(recipe);
        assertThat(RecipeFile.parse(yaml.replaceAll("(?s)tariff:.*?from:", "tariff: null\n    from:"), "written"))
                .isEqualTo(recipe.withTasks(Optional.of(new TaskSettings(
                        1,
                        2,
                        List.of(new TaskSettings.Questions(
                                new TaskSettings.Endpoint("http://localhost:8000/v1", "m", 4, Optional.empty()),
                                new TaskSettings.Pieces(8, 1000),
                                5,
                                0.7,
                                48,
                                true))))));
    }

    @Test
    void jointsAreWrittenAndReadAgain() {
        Recipe recipe = RecipeFile.named("fast")
                .withTasks(Optional.of(new TaskSettings(1, 2, List.of(new TaskSettings.Joints(64, 2700)))));
        String yaml = RecipeFile.write(recipe);
        assertThat(yaml).contains("kind: joints", "count: 64", "passage: 2700");
        assertThat(RecipeFile.parse(yaml, "written")).isEqualTo(recipe);
        for (String wrong : List.of("count: 63", "count: 0", "passage: 299")) {
            String key = wrong.substring(0, wrong.indexOf(':'));
            assertThatThrownBy(() -> RecipeFile.parse(yaml.replaceAll(key + ": \\d+", wrong), "mine.yaml"))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("mine.yaml")
                    .hasMessageContaining("joints " + wrong.replace(":", " is"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: questions | kind: qestions | qestions",
                "kind: sentence | kind: sentense | sentense",
                "kind: base | kind: bass | bass",
                "kind: base | kind: endpoint | author.url is missing",
                "context: 2048 | context: -1 | context is -1",
                "context: 2048 | kontext: 2048 | context is missing",
                "questions: 5 | questions: 0 | questions is 0",
                "temperature: 0.7 | temperature: -0.1 | temperature is -0.1",
                "answer_tokens: 48 | answer_tokens: 0 | answer_tokens is 0",
                "self_check: false | self_check: perhaps | self_check",
            })
    void aMistakeAboutQuestionsIsNamed(String right, String wrong, String named) {
        String yaml = RecipeFile.write(RecipeFile.named("every-sentence"));
        assertThat(yaml).contains(right);
        assertThatThrownBy(() -> RecipeFile.parse(yaml.replace(right, wrong), "mine.yaml"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("mine.yaml")
                .hasMessageContaining(named)
                .hasMessageNotContaining("io.github");
    }

    @Test
    void aFileIsReadByItsPath(@TempDir Path folder) throws IOException {
        String yaml = RecipeFile.write(RecipeFile.named("fast")).replace("targets: []", "targets: [q_proj, v_proj]");
        Path file = Files.writeString(folder.resolve("mine.yaml"), yaml);
        assertThat(RecipeFile.read(file.toString()).adapter().targets()).isEqualTo(Set.of("q_proj", "v_proj"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rank: 64 | rnak: 64 | adapter.rank is missing",
                "epochs: 2 | epochs: 0 | segments.epochs",
                "stride: 96 | stride: 300 | segments.stride",
                "warmup: 0.05 | warmup: quick | training.warmup",
                "warmup: 0.05 | warmup: 1.5 | training.warmup",
                "decay: LINEAR | decay: sideways | decay",
                "rank: 64 | '' | adapter.rank is missing",
                "name: fast | name: [ | not",
            })
    void aMistakeIsNamed(String right, String wrong, String named) {
        String yaml = RecipeFile.write(RecipeFile.named("fast"));
        assertThat(yaml).contains(right);
        assertThatThrownBy(() -> RecipeFile.parse(yaml.replace(right, wrong), "mine.yaml"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("mine.yaml")
                .hasMessageContaining(named.equals("not") ? "mend" : named);
    }

    @Test
    void aKeyThatNoRecipeKnowsIsNamedWithThoseThatAre() {
        String yaml = RecipeFile.write(RecipeFile.named("fast")).replace("clip: 1.0", "clip: 1.0\n  klip: 1.0");
        assertThatThrownBy(() -> RecipeFile.parse(yaml, "mine.yaml"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("no training.klip")
                .hasMessageContaining("beta2, clip, decay");
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> RecipeFile.read("slow"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("fast, recite");
    }
}
