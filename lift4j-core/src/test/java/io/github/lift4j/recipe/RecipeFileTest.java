package io.github.lift4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
