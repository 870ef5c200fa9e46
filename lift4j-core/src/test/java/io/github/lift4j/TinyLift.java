package io.github.lift4j;

import io.github.lift4j.engine.Progress;
import java.nio.file.Path;

/** A tiny random model with a window of 256 tokens. */
final class TinyLift {

    static final Path FOLDER = Path.of("src/test/resources/tiny");

    private TinyLift() {}

    static Lift open(Progress progress) {
        return Lift.open(LiftOptions.defaults()
                .withModel(FOLDER.toString())
                .withDevice("cpu")
                .withDtype("float32")
                .withProgress(progress));
    }
}
