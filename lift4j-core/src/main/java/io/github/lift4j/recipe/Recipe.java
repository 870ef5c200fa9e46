package io.github.lift4j.recipe;

import io.github.lift4j.engine.LiftException;
import java.util.Optional;

/**
 * Every setting of an absorb: plain data that a file holds ({@link RecipeFile}) and a memory keeps.
 *
 * @param name what a person calls it
 * @param segments how the document is cut and how often it is read (section 3.1)
 * @param adapter what is trained
 * @param training how it is trained
 * @param tasks which auxiliary tasks are trained beside the segments (section 3.2); empty for none
 * @param seed fixes the adapter's start, the order of segments and tasks, and what is sampled
 */
public record Recipe(
        String name,
        SegmentSettings segments,
        AdapterSettings adapter,
        TrainingSettings training,
        Optional<TaskSettings> tasks,
        long seed) {

    public Recipe {
        if (name.isBlank()) {
            throw new LiftException("A recipe has no name: give it one under name.");
        }
    }

    /** The same recipe with another cut. */
    public Recipe with(SegmentSettings segments) {
        return new Recipe(name, segments, adapter, training, tasks, seed);
    }

    /** The same recipe for another adapter. */
    public Recipe with(AdapterSettings adapter) {
        return new Recipe(name, segments, adapter, training, tasks, seed);
    }

    /** The same recipe with another training. */
    public Recipe with(TrainingSettings training) {
        return new Recipe(name, segments, adapter, training, tasks, seed);
    }

    /** The same recipe with other tasks, or none. */
    public Recipe withTasks(Optional<TaskSettings> tasks) {
        return new Recipe(name, segments, adapter, training, tasks, seed);
    }

    /** The same recipe with another seed. */
    public Recipe withSeed(long seed) {
        return new Recipe(name, segments, adapter, training, tasks, seed);
    }

    /** Segments that one optimiser step trains. */
    public int segmentsPerStep() {
        return Math.max(1, training.stepTokens() / segments.length());
    }

    static void check(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new LiftException("The recipe's " + name + " is " + value + ", but must be " + rule + ".");
        }
    }
}
