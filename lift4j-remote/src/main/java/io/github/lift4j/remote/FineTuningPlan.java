package io.github.lift4j.remote;

import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.segment.Segmentation;

/**
 * How a closed model shall absorb a document.
 *
 * @param model the provider's base model, such as {@code gpt-3.5-turbo} (the paper's)
 * @param epochs how often everything is trained, at least 1
 * @param suffix a word in the tuned model's name, at most 64 characters; empty for none
 * @param seed of the provider's training, as far as it honours one
 * @param characters how the document is cut, in characters (section 3.1 of the paper)
 * @param counter counts what will be paid for
 * @param tariff what it costs
 */
public record FineTuningPlan(
        String model,
        int epochs,
        String suffix,
        long seed,
        Segmentation characters,
        TokenCounter counter,
        Tariff tariff) {

    private static final int CHARACTERS_A_TOKEN = 4;

    public FineTuningPlan {
        if (model.isBlank()) {
            throw new IllegalArgumentException("a model has a name");
        }
        if (epochs < 1) {
            throw new IllegalArgumentException("everything is trained at least once, not " + epochs + " times");
        }
        if (suffix.length() > 64) {
            throw new IllegalArgumentException("a suffix has at most 64 characters: " + suffix);
        }
    }

    /** The epochs and segments of the recipe {@code fast}, at four characters a token. */
    public static FineTuningPlan of(String model, Tariff tariff) {
        return of(model, RecipeFile.named("fast"), tariff);
    }

    /**
     * The epochs, segments and seed of a recipe, at four characters a token. What else is in it is the provider's business;
     * tasks are trained as often as segments.
     */
    public static FineTuningPlan of(String model, Recipe recipe, Tariff tariff) {
        SegmentSettings cut = recipe.segments();
        Segmentation segments = new Segmentation(cut.length() * CHARACTERS_A_TOKEN, cut.stride() * CHARACTERS_A_TOKEN);
        return new FineTuningPlan(model, cut.epochs(), "", recipe.seed(), segments, TokenCounter.ANY_SCRIPT, tariff);
    }

    /** The same plan with another number of epochs. */
    public FineTuningPlan withEpochs(int epochs) {
        return new FineTuningPlan(model, epochs, suffix, seed, characters, counter, tariff);
    }
}
