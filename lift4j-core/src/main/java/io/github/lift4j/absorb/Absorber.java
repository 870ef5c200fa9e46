package io.github.lift4j.absorb;

import io.github.lift4j.document.Document;
import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.adapter.FullWeights;
import io.github.lift4j.engine.adapter.LoraAdapter;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.TokenStream;
import io.github.lift4j.engine.training.Trainer;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;

/**
 * Teaches a model a document: minimises section 3.1's {@code L_input} over all segments of the document.
 *
 * <p>The paper writes {@code L_input} as a sum over segments; here each step's loss is the <em>mean</em> over its target
 * tokens, so that the learning rate means the same for a short and a long document, and a weight gamma on another
 * objective's mean will not depend on length either.
 *
 * <p>One thread at a time uses an absorber. Interrupting it saves a checkpoint and ends with a
 * {@link CancellationException}; {@link #resume} goes on from there, to the same losses as an unbroken run.
 */
public final class Absorber {

    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofSeconds(60);

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
        long tokens = tokenise(document, folder);
        Manifest manifest = new Manifest(
                Manifest.CURRENT,
                Version.OURS,
                document.title(),
                document.sha256(),
                tokens,
                model.name(),
                model.hash(),
                model.transformer().type().toString(),
                recipe,
                List.of());
        checkpoint.begin(manifest);
        return train(manifest, folder, checkpoint, false);
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
        return train(manifest, folder, checkpoint, checkpoint.hasState());
    }

    private long tokenise(Document document, Path folder) {
        try (Reader text = document.open();
                TokenFile.Writer writer = TokenFile.create(Memory.tokenFile(folder))) {
            long tokens = TokenStream.of(model.tokenizer()).encode(text, writer::append);
            if (tokens < 2) {
                throw new LiftException("The document " + document.source()
                        + " has fewer than 2 tokens: there is nothing to learn in it.");
            }
            writer.finish().close();
            return tokens;
        } catch (IOException e) {
            throw new LiftException(
                    "The document " + document.source() + " could not be read to its end: " + e.getMessage(), e);
        }
    }

    private Memory train(Manifest manifest, Path folder, Checkpoint checkpoint, boolean resumed) {
        Recipe recipe = manifest.recipe();
        List<Double> losses = new ArrayList<>(manifest.losses());
        try (TokenFile tokens = TokenFile.open(Memory.tokenFile(folder), manifest.tokens());
                Adapter adapter = adapter(recipe);
                Trainer trainer = new Trainer(
                        model.transformer(),
                        adapter,
                        recipe.optimiser(),
                        OptionalDouble.of(recipe.clip()),
                        Math.max(recipe.stepTokens(), recipe.segmentLength()))) {
            SegmentBatches batches = new SegmentBatches(tokens, recipe);
            if (resumed) {
                trainer.restore(checkpoint.state(losses.size()));
            }
            long started = System.nanoTime();
            long saved = started;
            long trained = 0;
            for (long step = losses.size(); step < batches.steps(); step++) {
                SegmentBatches.Batch batch = batches.at(step);
                double rate = recipe.schedule().at(step, batches.steps());
                losses.add(trainer.step(batch.examples(), rate).loss());
                trained += batch.tokens();
                report(step + 1, batches.steps(), losses.getLast(), trained, started);
                // Cleared while saving: an interrupt closes the channels that a thread writes to.
                boolean interrupted = Thread.interrupted();
                if (interrupted || System.nanoTime() - saved > BETWEEN_CHECKPOINTS.toNanos()) {
                    checkpoint.save(manifest.withLosses(losses), trainer);
                    saved = System.nanoTime();
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                    throw new CancellationException("The absorb was stopped after step " + (step + 1) + " of "
                            + batches.steps() + "; continue it with --resume.");
                }
            }
            Memory memory = Memory.write(folder, manifest.withLosses(losses), adapter);
            checkpoint.delete();
            return memory;
        }
    }

    private Adapter adapter(Recipe recipe) {
        return recipe.rank() == 0
                ? FullWeights.of(model.transformer())
                : LoraAdapter.create(model.transformer(), recipe.lora(), new SplittableRandom(recipe.seed()));
    }

    private void report(long step, long steps, double loss, long trained, long started) {
        double seconds = (System.nanoTime() - started) / 1e9;
        progress.advance(
                "Absorbing",
                step,
                steps,
                String.format(Locale.ROOT, "loss %.3f, %.0f tokens/s", loss, trained / seconds));
    }
}
