package io.github.lift4j.sft;

import io.github.lift4j.engine.LiftException;

/**
 * How often documents are visited, beside what a recipe says.
 *
 * @param epochs visits of each document at most; a visit is one step of the recipe's size
 * @param heldOut share of the documents that is not trained but watched, in (0, 1); at least one document is
 * @param patience training ends when the held-out loss has not been better for so many epochs, at least 1
 */
public record SftPlan(int epochs, double heldOut, int patience) {

    /** Twenty visits, a tenth of the documents watched, and five more visits for the loss to get better. */
    public static final SftPlan DEFAULT = new SftPlan(20, 0.1, 5);

    public SftPlan {
        if (epochs < 1 || !(heldOut > 0 && heldOut < 1) || patience < 1) {
            throw new LiftException(
                    "Fine-tuning needs at least 1 epoch, a held-out share between 0 and 1 and a patience of"
                            + " at least 1 epoch, not " + epochs + ", " + heldOut + " and " + patience + ".");
        }
    }
}
