package io.github.lift4j.absorb;

import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.training.StepMemory;
import io.github.lift4j.engine.training.Trainer;
import io.github.lift4j.engine.transformer.Transformer;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * What a recipe trains of a model, and the trainer that does. Owns both; close it.
 *
 * @param model the base, which is its opener's
 * @param gamma the recipe's weight of tasks; 1 where it has none
 */
public record Learner(LanguageModel model, Adapter adapter, Trainer trainer, double gamma) implements AutoCloseable {

    /** Tasks are seldom longer. */
    private static final int LONG_TASK = 2048;

    private static final int PROCESSOR_BATCH_TOKENS = 512;

    /**
     * The mean losses of a batch.
     *
     * @param segments {@code L_input}, in nats a token
     * @param tasks {@code L_AT} likewise, 0 where there are no tasks
     */
    public record Loss(double segments, double tasks) {}

    /** A beginner. */
    public static Learner of(LanguageModel model, Recipe recipe) {
        Adapter adapter = recipe.adapter().rank() == 0
                ? FullWeights.of(model.transformer())
                : LoraAdapter.create(model.transformer(), recipe.adapter().lora(), new SplittableRandom(recipe.seed()));
        return of(model, recipe, adapter);
    }

    /** One that goes on with what was learned before; owns the adapter from now on. */
    static Learner of(LanguageModel model, Recipe recipe, Adapter adapter) {
        Trainer trainer = new Trainer(
                model.transformer(),
                adapter,
                recipe.training().optimiser(),
                OptionalDouble.of(recipe.training().clip()),
                memory(model.transformer(), recipe, adapter));
        return new Learner(
                model, adapter, trainer, recipe.tasks().map(TaskSettings::gamma).orElse(1.0));
    }

    private static StepMemory memory(Transformer model, Recipe recipe, Adapter adapter) {
        return switch (model.device()) {
            case ComputeDevice.Cuda gpu ->
                StepMemory.on(
                        gpu,
                        model,
                        adapter,
                        Math.max(LONG_TASK, recipe.segments().length()));
            case ComputeDevice.Cpu _ ->
                StepMemory.of(Math.max(PROCESSOR_BATCH_TOKENS, recipe.segments().length()));
        };
    }

    /** Moves what was learned back towards the base, to this share of the way. */
    void keep(double share) {
        adapter.keep(share, model.transformer());
    }

    /** One step on a batch. */
    public Loss step(JointBatches.Batch batch, double learningRate) {
        double segments = trainer.accumulate(batch.segments());
        double tasks = trainer.accumulate(batch.tasks()) / gamma;
        trainer.update(learningRate);
        return new Loss(segments, tasks);
    }

    /** The losses of a batch with the weights as they are. */
    public Loss loss(JointBatches.Batch batch) {
        return new Loss(trainer.loss(batch.segments()), trainer.loss(batch.tasks()) / gamma);
    }

    @Override
    public void close() {
        trainer.close();
        adapter.close();
    }
}
