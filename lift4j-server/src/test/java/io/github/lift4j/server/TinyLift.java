package io.github.lift4j.server;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TrainingSettings;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.work.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A tiny random model with a window of 1,024 tokens, recipes for it, and a document. */
final class TinyLift {

    static final String TEXT = IntStream.range(0, 45)
            .mapToObj(i -> "On day " + i + " the crew counted " + (i * 37 % 101) + " gulls over the harbour.")
            .collect(Collectors.joining("\n"));

    /** One epoch, and so many that a job can be stopped in the middle. */
    static final Recipe SHORT = recipe("short", 1, 4);

    static final Recipe LONG = recipe("long", 120, 4);

    /** Trains all weights. */
    static final Recipe WHOLE = recipe("whole", 1, 0);

    static final Recipes RECIPES = new Recipes(List.of(SHORT, LONG), SHORT);

    private static final Path FOLDER = Path.of("../lift4j-core/src/test/resources/tiny");

    private TinyLift() {}

    static Limits limits(long fileBytes, int jobs) {
        return new Limits(fileBytes, Limits.USUAL.files(), jobs, Limits.USUAL.tokens(), Limits.USUAL.reading());
    }

    private static Recipe recipe(String name, int epochs, int rank) {
        return new Recipe(
                name,
                new SegmentSettings(64, 24, epochs),
                AdapterSettings.allLinear(rank, 8),
                new TrainingSettings(5e-3, 0.1, Schedule.Decay.LINEAR, 0.99, 0, 1, 256, 0, 1),
                Optional.empty(),
                5);
    }

    /** The model's files, copied into a folder. */
    static Path copyTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path config = folder.resolve("config.json");
        String narrow = Files.readString(config);
        Files.writeString(
                config, narrow.replace("\"max_position_embeddings\": 256", "\"max_position_embeddings\": 1024"));
        return folder;
    }

    /** The model on the processor; the caller closes it. */
    static Lift open(Path folder) {
        return Lift.open(LiftOptions.defaults()
                .withModel(folder.toString())
                .withDevice("cpu")
                .withDtype("float32"));
    }
}
