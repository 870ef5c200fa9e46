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
 * @param keep share of what was learned that the memory keeps, above 0 and at most 1: its weights stand so far between
 *     the base's and the trained ones (Wortsman et al., 2022, "Robust fine-tuning of zero-shot models"). Less makes a
 *     memory that uses the window better and knows the document less. A memory that grows keeps all of it.
 */
public record TrainingSettings(
        double learningRate,
        double warmup,
        Schedule.Decay decay,
        double beta2,
        double weightDecay,
        double clip,
        int stepTokens,
        double stopLoss,
        double keep) {

    public TrainingSettings {
        check(learningRate > 0, "training.learning_rate", learningRate, "positive");
        check(warmup >= 0 && warmup < 1, "training.warmup", warmup, "a share of the steps in [0, 1)");
        check(beta2 >= 0 && beta2 < 1, "training.beta2", beta2, "in [0, 1)");
        check(weightDecay >= 0, "training.weight_decay", weightDecay, "at least 0");
        check(clip > 0, "training.clip", clip, "positive");
        check(stepTokens >= 1, "training.step_tokens", stepTokens, "at least 1");
        check(stopLoss >= 0, "training.stop_loss", stopLoss, "at least 0 nats a token");
        check(keep > 0 && keep <= 1, "training.keep", keep, "above 0 and at most 1");
    }

    /** The same with another learning rate. */
    public TrainingSettings withLearningRate(double learningRate) {
        return new TrainingSettings(learningRate, warmup, decay, beta2, weightDecay, clip, stepTokens, stopLoss, keep);
    }

    /** The same with other tokens a step. */
    public TrainingSettings withStepTokens(int stepTokens) {
        return new TrainingSettings(learningRate, warmup, decay, beta2, weightDecay, clip, stepTokens, stopLoss, keep);
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
