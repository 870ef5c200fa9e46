package io.github.lift4j.server.work;

import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.store.Store;
import java.nio.file.Path;

/**
 * Makes of a job's document a memory, from wherever an earlier try has left it: its folder says how far that came.
 *
 * @param model the base
 */
record JobRun(LanguageModel model, Store store, Recipes recipes, Limits limits) {

    /**
     * Absorbs what is left to absorb.
     *
     * @throws LiftException where the document cannot be absorbed
     * @throws java.util.concurrent.CancellationException where the thread was interrupted; what was learned is kept
     */
    Memory absorb(Job job, Progress progress) {
        Path home = store.folder().memory(job.memory());
        Absorber absorber = new Absorber(model, progress);
        if (Absorber.begun(home)) {
            // Also where the memory is whole already but for the clearing up.
            return absorber.resume(home);
        }
        return Memory.isIn(home) ? Memory.open(home) : anew(job, absorber, home);
    }

    private Memory anew(Job job, Absorber absorber, Path home) {
        Recipe recipe = recipes.named(job.recipe())
                .orElseThrow(() -> new LiftException(
                        "There is no recipe '" + job.recipe() + "' any more: make a job with another one."))
                .withSeed(job.seed());
        Uploads uploads = new Uploads(model, store, limits);
        try (Document document = uploads.open(job.tenant(), job.file())) {
            // Refuses one that is too long before anything is learned of it.
            uploads.tokens(document);
            return absorber.absorb(document, recipe, home);
        }
    }

    /** Tokens of segments that were trained. */
    static long trainedTokens(Memory memory) {
        Manifest manifest = memory.manifest();
        return manifest.recipe()
                        .segments()
                        .segmentation()
                        .over(manifest.tokens())
                        .tokensPerEpoch()
                * manifest.recipe().segments().epochs();
    }
}
