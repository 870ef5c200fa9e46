package io.github.lift4j.engine.training;

import io.github.lift4j.engine.LiftException;

/**
 * The optimiser's settings (Loshchilov and Hutter, 2019).
 *
 * @param beta1 decay of the mean gradient, in [0, 1)
 * @param beta2 decay of the mean squared gradient, in [0, 1)
 * @param epsilon added to the root, positive
 * @param weightDecay pulled off each weight a step, times the learning rate; 0 for none
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {

    /** PyTorch's defaults without weight decay. */
    public static final AdamW DEFAULT = new AdamW(0.9, 0.999, 1e-8, 0);

    public AdamW {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0)) {
            throw new LiftException("AdamW needs betas in [0, 1), a positive epsilon and a weight decay of at least 0,"
                    + " not " + beta1 + ", " + beta2 + ", " + epsilon + " and " + weightDecay + ".");
        }
    }
}
