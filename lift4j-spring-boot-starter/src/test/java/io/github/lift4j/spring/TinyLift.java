package io.github.lift4j.spring;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A tiny random model with a window of 1,024 tokens, and a memory of it. */
final class TinyLift {

    static final String TEXT = IntStream.range(0, 45)
            .mapToObj(i -> "On day " + i + " the crew counted " + (i * 37 % 101) + " gulls over the harbour.")
            .collect(Collectors.joining("\n"));

    private static final Recipe RECIPE = new Recipe(
            "short",
            new SegmentSettings(64, 24, 1),
            AdapterSettings.allLinear(4, 8),
            new TrainingSettings(5e-3, 0.1, Schedule.Decay.LINEAR, 0.99, 0, 1, 256, 0, 1),
            Optional.empty(),
            5);

    private static final Path FOLDER = Path.of("../lift4j-core/src/test/resources/tiny");

    private TinyLift() {}

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

    /** The text, absorbed into a folder. */
    static Memory absorb(Lift lift, Path folder) throws IOException {
        Path file = Files.writeString(folder.resolveSibling("gulls.txt"), TEXT);
        try (Document document = Document.open(file)) {
            return lift.absorb(document, RECIPE, folder);
        }
    }
}
