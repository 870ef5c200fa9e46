package io.github.lift4j.absorb;

import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.memory.Version;
import io.github.lift4j.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Teaches a model a document: minimises {@code L_input + gamma * L_AT} over its segments (section 3.1) and auxiliary tasks
 * (section 3.2).
 *
 * <p>The paper writes both as sums; here each step's {@code L_input} is the <em>mean</em> over its segments' target tokens
 * and its {@code L_AT} the mean over its answers' tokens, so that neither the learning rate nor gamma means something else
 * for a short document than for a long one.
 *
 * <p>One thread at a time uses an absorber. Interrupting it saves a checkpoint and ends with a
 * {@link CancellationException}; {@link #resume} goes on from there, to the same losses as an unbroken run.
 */
public final class Absorber {

    /** What stands between the texts of a memory that grew. */
    private static final String GAP = "\n\n";

    private final LanguageModel model;
    private final Progress progress;

    /** An absorber on a loaded base model. */
    public Absorber(LanguageModel model, Progress progress) {
        this.model = model;
        this.progress = progress;
    }

    /**
     * Absorbs a document into a new folder.
     *
     * @throws LiftException where the folder holds a memory or an unfinished absorb already, or cannot be written
     */
    public Memory absorb(Document document, Recipe recipe, Path folder) {
        Checkpoint checkpoint = Checkpoint.create(folder);
        long tokens = JointBatches.prepare(model, document, folder);
        Manifest manifest = manifest(document.title(), document, tokens, recipe, Optional.empty());
        try (Run run = run(manifest, folder, checkpoint, () -> Learner.of(model, recipe))) {
            // Only now is it begun: what is wrong with the recipe's sources has been said without leaving anything.
            checkpoint.begin(manifest);
            return run.toTheEnd(false);
        }
    }

    /**
     * Lays a document out in a folder as an absorb would, and learns nothing: enough for the modes without {@code lift},
     * which read the document's tokens. What lies in the folder is no memory that could be opened.
     *
     * @param recipe what the memory's manifest is to name; nothing is done by it
     */
    public Memory unlearned(Document document, Recipe recipe, Path folder) {
        Checkpoint.create(folder);
        long tokens = JointBatches.prepare(model, document, folder);
        return new Memory(folder, manifest(document.title(), document, tokens, recipe, Optional.empty()));
    }

    /**
     * Absorbs another document on top of a memory, as the next part of a conversation or a second volume. Each step also
     * trains a segment of what is known, and the new memory says how much of it was forgotten. The old one stays as it is.
     *
     * @param recipe how the new document is trained; the adapter is the memory's whatever it says
     * @throws LiftException where the memory belongs to another base model, or the folder holds one already
     */
    public Memory append(Memory before, Document document, Recipe recipe, Path folder) {
        before.requireBase(model);
        Manifest known = before.manifest();
        Checkpoint checkpoint = Checkpoint.create(folder);
        String text = before.text() + GAP;
        long tokens = JointBatches.prepareBehind(model, text, before, document, folder);
        Recipe same = recipe.with(known.recipe().adapter());
        Manifest manifest = manifest(
                known.title() + " and " + document.title(),
                document,
                tokens,
                same,
                Optional.of(new Manifest.Grown(known.tokens(), text.length(), 0, Optional.empty())));
        try (Run run = run(manifest, folder, checkpoint, () -> Learner.of(model, same, before.adapter(model)))) {
            run.startFromKnown();
        }
        return resume(folder);
    }

    /**
     * Continues an absorb that was stopped or killed.
     *
     * @throws LiftException where there is nothing to continue, or the base model is another one
     */
    public Memory resume(Path folder) {
        Checkpoint checkpoint = Checkpoint.open(folder);
        Manifest manifest = checkpoint.manifest();
        if (!manifest.baseSha256().equals(model.hash())
                || !manifest.computeType().equals(model.transformer().type().toString())) {
            throw new LiftException("The absorb in " + folder + " was begun on " + manifest.baseName() + " in "
                    + manifest.computeType() + ": continue it with the same --model and --dtype.");
        }
        try (Run run = run(manifest, folder, checkpoint, () -> Learner.of(model, manifest.recipe()))) {
            return run.toTheEnd(checkpoint.hasState());
        }
    }

    /** Whether an absorb was begun in a folder and can be continued; where it was not, a new one may be. */
    public static boolean begun(Path folder) {
        return Checkpoint.begun(folder);
    }

    /**
     * Deletes what kills have left in a folder and nobody reads again. Only while nothing else works in it.
     *
     * @throws LiftException where the folder cannot be read or written
     */
    public static void sweep(Path folder) {
        Checkpoint.sweep(folder);
    }

    private Manifest manifest(
            String title, Document document, long tokens, Recipe recipe, Optional<Manifest.Grown> grown) {
        return new Manifest(
                Manifest.CURRENT,
                Version.OURS,
                title,
                document.sha256(),
                tokens,
                model.name(),
                model.hash(),
                model.transformer().type().toString(),
                recipe,
                List.of(),
                List.of(),
                Manifest.Seconds.NONE,
                grown);
    }

    private Run run(Manifest manifest, Path folder, Checkpoint checkpoint, Supplier<Learner> learner) {
        JointBatches batches = JointBatches.open(
                model,
                manifest.title(),
                manifest.recipe(),
                folder,
                manifest.tokens(),
                manifest.grown(),
                Optional.empty());
        try {
            return new Run(manifest, batches, learner.get(), folder, checkpoint, progress);
        } catch (RuntimeException e) {
            batches.close();
            throw e;
        }
    }
}
