package io.github.lift4j.evaluation;

import io.github.lift4j.Lift;
import io.github.lift4j.LiftOptions;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TrainingSettings;
import java.util.Optional;

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

    private TinyLift() {}

    /** The model on the processor; the caller closes it. */
    public static Lift open() {
        return Lift.open(LiftOptions.defaults()
                .withModel("../lift4j-core/src/test/resources/tiny")
                .withDevice("cpu")
                .withDtype("float32"));
    }
}
