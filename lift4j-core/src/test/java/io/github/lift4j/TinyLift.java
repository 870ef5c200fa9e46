package io.github.lift4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A tiny random model with a window of 256 tokens. */
final class TinyLift {

    static final Path FOLDER = Path.of("src/test/resources/tiny");

    private TinyLift() {}

    static Lift open(Progress progress) {
        return open(FOLDER, progress);
    }

    /** The same model, copied into a folder, with a window of 1,024 tokens. */
    static Lift openWide(Path folder, Progress progress) throws IOException {
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
        return open(folder, progress);
    }

    private static Lift open(Path folder, Progress progress) {
        return Lift.open(LiftOptions.defaults()
                .withModel(folder.toString())
                .withDevice("cpu")
                .withDtype("float32")
                .withProgress(progress));
    }
}
