package io.github.lift4j.recipe;

import static io.github.lift4j.recipe.Recipe.check;

import io.github.lift4j.engine.training.AdamW;
import io.github.lift4j.engine.training.Schedule;

/**
 * How it is trained.
 *
 * @param learningRate highest learning rate, positive
 * @param warmup share of the steps in which the learning rate rises, in [0, 1)
 * @param decay how it falls afterwards
 * @param beta2 AdamW's decay of the mean squared gradient, in [0, 1)
 * @param weightDecay AdamW's, at least 0
 * @param clip largest gradient norm of a step, positive
 * @param stepTokens tokens of segments in one optimiser step; at least one segment is taken
 * @param stopLoss training ends early after an epoch whose segments had at most this mean loss, in nats a token; 0 for
 *     never
 */
public record TrainingSettings(
        double learningRate,
        double warmup,
        Schedule.Decay decay,
        double beta2,
        double weightDecay,
        double clip,
        int stepTokens,
        double stopLoss) {

    public TrainingSettings {
        check(learningRate > 0, "training.learning_rate", learningRate, "positive");
        check(warmup >= 0 && warmup < 1, "training.warmup", warmup, "a share of the steps in [0, 1)");
        check(beta2 >= 0 && beta2 < 1, "training.beta2", beta2, "in [0, 1)");
        check(weightDecay >= 0, "training.weight_decay", weightDecay, "at least 0");
        check(clip > 0, "training.clip", clip, "positive");
        check(stepTokens >= 1, "training.step_tokens", stepTokens, "at least 1");
        check(stopLoss >= 0, "training.stop_loss", stopLoss, "at least 0 nats a token");
    }

    /** The same with another learning rate. */
    public TrainingSettings withLearningRate(double learningRate) {
        return new TrainingSettings(learningRate, warmup, decay, beta2, weightDecay, clip, stepTokens, stopLoss);
    }

    /** The same with other tokens a step. */
    public TrainingSettings withStepTokens(int stepTokens) {
        return new TrainingSettings(learningRate, warmup, decay, beta2, weightDecay, clip, stepTokens, stopLoss);
    }

    /** The optimiser. */
    public AdamW optimiser() {
        return new AdamW(0.9, beta2, 1e-8, weightDecay);
    }

    /** The learning rate over the run. */
    public Schedule schedule() {
        return new Schedule(learningRate, warmup, decay);
    }
}
