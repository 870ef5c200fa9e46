package io.github.lift4j.server.work;

import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.TokenStream;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.StoredFile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
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
        StoredFile file = store.files()
                .find(job.tenant(), job.file())
                .orElseThrow(() -> new LiftException("The file " + job.file() + " is gone: upload it again."));
        DocumentProcess reader = new DocumentProcess(store.folder().temporary(), limits.reading());
        try (Document document = reader.read(store.files().content(file))) {
            requireShort(document);
            return absorber.absorb(document, recipe, home);
        }
    }

    private void requireShort(Document document) {
        long[] tokens = {0};
        try (Reader text = document.open()) {
            TokenStream.of(model.tokenizer()).encode(text, ids -> {
                tokens[0] += ids.length;
                if (tokens[0] > limits.tokens()) {
                    throw new LiftException("The document has more than " + limits.tokens()
                            + " tokens, which is the most here: split it.");
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("a document's text could not be read again", e);
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
