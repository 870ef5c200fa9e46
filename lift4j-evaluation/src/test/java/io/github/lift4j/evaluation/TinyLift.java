package io.github.lift4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A tiny random model with a window of 256 tokens, and a recipe for it. */
public final class TinyLift {

    /** One epoch of short segments. */
    public static final Recipe RECIPE = new Recipe(
            "test",
            new SegmentSettings(64, 24, 1),
            AdapterSettings.allLinear(4, 8),
            new TrainingSettings(5e-3, 0.1, Schedule.Decay.LINEAR, 0.99, 0, 1, 256, 0, 1),
            Optional.empty(),
            5);

    private static final Path FOLDER = Path.of("../lift4j-core/src/test/resources/tiny");

    private TinyLift() {}

    /** The model on the processor; the caller closes it. */
    public static Lift open() {
        return open(FOLDER);
    }

    /** The same model, copied into a folder, with a window of 1,024 tokens. */
    public static Lift openWide(Path folder) throws IOException {
        Files.createDirectory(folder);
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path config = folder.resolve("config.json");
        String narrow = Files.readString(config);
        String wide = narrow.replace("\"max_position_embeddings\": 256", "\"max_position_embeddings\": 1024");
        assertThat(wide).isNotEqualTo(narrow);
        Files.writeString(config, wide);
        return open(folder);
    }

    private static Lift open(Path folder) {
        return Lift.open(LiftOptions.defaults()
                .withModel(folder.toString())
                .withDevice("cpu")
                .withDtype("float32"));
    }
}
