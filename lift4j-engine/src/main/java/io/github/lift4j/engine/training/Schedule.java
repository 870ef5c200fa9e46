package io.github.lift4j.engine.training;

import io.github.lift4j.engine.LiftException;

/**
 * The learning rate over a run: a linear warm-up, then a decay to zero at the end.
 *
 * @param peak highest learning rate
 * @param warmup share of the steps spent warming up, in [0, 1)
 * @param decay how it falls afterwards
 */
public record Schedule(double peak, double warmup, Decay decay) {

    /** The shapes of a decay. */
    public enum Decay {
        CONSTANT,
        LINEAR,
        COSINE
    }

    public Schedule {
        if (!(peak > 0 && warmup >= 0 && warmup < 1)) {
            throw new LiftException("A schedule needs a positive learning rate and a warm-up share in [0, 1), not "
                    + peak + " and " + warmup + ".");
        }
    }

    /** The learning rate of a step, counted from 0. */
    public double at(long step, long steps) {
        long rising = (long) Math.ceil(warmup * steps);
        if (step < rising) {
            return peak * (step + 1) / rising;
        }
        double progress = (double) (step - rising) / Math.max(1, steps - rising);
        return switch (decay) {
            case CONSTANT -> peak;
            case LINEAR -> peak * (1 - progress);
            case COSINE -> peak * 0.5 * (1 + Math.cos(Math.PI * progress));
        };
    }
}
