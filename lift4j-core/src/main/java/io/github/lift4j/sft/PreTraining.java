package io.github.lift4j.sft;

import io.github.lift4j.absorb.JointBatches;
import io.github.lift4j.absorb.JointBatches.Batch;
import io.github.lift4j.absorb.Learner;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.segment.ShuffledOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Pre-LIFT supervised fine-tuning (section 3.3): minimises the joint loss {@code L_input + gamma * L_AT} averaged over many
 * documents. Each epoch visits every document once, by one step of the recipe's size, so that a long document counts for
 * no more than a short one. Some documents are held out; the weights of the epoch after which their loss was lowest are
 * kept.
 *
 * <p>The state is saved after every epoch. Interrupting ends with a {@link CancellationException}; calling it again with
 * the same folder goes on from there, to the same losses.
 */
public final class PreTraining {

    private static final String RUN = "sft-run.json";

    /** Making some dozens of tasks takes several times as long as training a small model on them on a GPU. */
    private static final int READERS = 6;

    private final LanguageModel model;
    private final Progress progress;

    /** On a loaded base model. */
    public PreTraining(LanguageModel model, Progress progress) {
        this.model = model;
        this.progress = progress;
    }

    /** A document made ready: its folder, its title, how many tokens it has. */
    private record Prepared(String title, Path folder, long tokens) {}

    /**
     * Fine-tunes on all documents of a folder.
     *
     * @param corpus at least two documents lie directly in it
     * @param out the folder of the base to be; one that an earlier call left unfinished is gone on with
     * @throws LiftException where the corpus is too small, or the folder holds a base already or one of other settings
     */
    public TunedBase train(Path corpus, Recipe recipe, SftPlan plan, Path out) {
        if (TunedBase.in(out).isPresent()) {
            throw new LiftException(
                    "The folder " + out + " holds a fine-tuned base already: choose another with --out.");
        }
        List<Prepared> documents = prepare(corpus, out);
        int watched = Math.clamp(Math.round(plan.heldOut() * documents.size()), 1, documents.size() - 1);
        ShuffledOrder order = ShuffledOrder.of(documents.size(), recipe.seed(), 0);
        List<Prepared> held = new ArrayList<>();
        List<Prepared> trained = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            (i < watched ? held : trained).add(documents.get(order.at(i)));
        }
        TunedBase base = begun(recipe, plan, trained, held, out);
        try (Learner learner = Learner.of(model, recipe)) {
            if (base.epochs() > 0) {
                learner.trainer().restore(state(out, base.epochs()));
            }
            base = epochs(base, learner, trained, held, out);
            learner.trainer().restore(best(out, base.best()));
            Memory.writeWeights(out, model.name(), learner.adapter());
        }
        base.write(out.resolve(TunedBase.FILE));
        clear(out);
        return base;
    }

    private TunedBase epochs(TunedBase begun, Learner learner, List<Prepared> trained, List<Prepared> held, Path out) {
        TunedBase base = begun;
        while (!base.done()) {
            double loss = visitAll(base, learner, trained);
            double watched = 0;
            for (Prepared document : held) {
                try (JointBatches batches = open(document, base)) {
                    watched += joint(learner.loss(batches.at(0)), learner) / held.size();
                }
            }
            TunedBase next = base.after(loss, watched);
            learner.trainer().save(state(out, next.epochs()));
            if (next.best() == next.epochs()) {
                learner.trainer().save(best(out, next.best()));
            }
            next.write(out.resolve(RUN));
            removeStates(out, next);
            base = next;
        }
        return base;
    }

    private double visitAll(TunedBase base, Learner learner, List<Prepared> trained) {
        ShuffledOrder order = ShuffledOrder.of(trained.size(), base.recipe().seed(), base.epochs() + 1);
        long steps = (long) base.plan().epochs() * trained.size();
        double sum = 0;
        try (Visits visits = visits(base, trained, order)) {
            for (int i = 0; i < trained.size(); i++) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("The fine-tuning was stopped in epoch " + (base.epochs() + 1)
                            + "; start it again with the same --out to go on.");
                }
                long step = (long) base.epochs() * trained.size() + i;
                double rate = base.recipe().training().schedule().at(step, steps);
                sum += joint(learner.step(visits.next(), rate), learner);
                progress.advance(
                        "Fine-tuning", step + 1, steps, String.format(Locale.ROOT, "loss %.3f", sum / (i + 1)));
            }
        }
        return sum / trained.size();
    }

    private Visits visits(TunedBase base, List<Prepared> trained, ShuffledOrder order) {
        IntFunction<Batch> visit = i -> {
            try (JointBatches batches = open(trained.get(order.at(i)), base)) {
                return batches.at(base.epochs());
            }
        };
        return model.transformer().device() instanceof ComputeDevice.Cuda
                ? Visits.readAhead(
                        visit,
                        trained.size(),
                        base.recipe().tasks().stream().allMatch(TaskSettings::asksNoModel) ? READERS : 1)
                : Visits.of(visit);
    }

    private static double joint(Learner.Loss loss, Learner learner) {
        return loss.segments() + learner.gamma() * loss.tasks();
    }

    private JointBatches open(Prepared document, TunedBase base) {
        return JointBatches.open(
                model,
                document.title(),
                base.recipe(),
                document.folder(),
                document.tokens(),
                Optional.empty(),
                Optional.of((long) base.plan().epochs()));
    }

    /** The run that is under way in the folder, or a new one. */
    private TunedBase begun(Recipe recipe, SftPlan plan, List<Prepared> trained, List<Prepared> held, Path out) {
        TunedBase fresh = new TunedBase(
                TunedBase.CURRENT,
                model.name(),
                model.hash(),
                recipe,
                plan,
                trained.stream().map(Prepared::title).toList(),
                held.stream().map(Prepared::title).toList(),
                0,
                0,
                List.of(),
                List.of());
        Path run = out.resolve(RUN);
        if (!Files.exists(run)) {
            return fresh;
        }
        TunedBase found = TunedBase.read(run);
        if (!found.recipe().equals(recipe)
                || !found.plan().equals(plan)
                || !found.documents().equals(fresh.documents())
                || !found.baseSha256().equals(model.hash())) {
            throw new LiftException("The folder " + out + " holds an unfinished fine-tuning of another model, other"
                    + " documents or other settings: go on with those, or choose another with --out.");
        }
        return found;
    }

    private List<Prepared> prepare(Path corpus, Path out) {
        try (Stream<Path> files = Files.list(corpus)) {
            List<Path> documents = files.filter(Files::isRegularFile).sorted().toList();
            if (documents.size() < 2) {
                throw new LiftException("The folder " + corpus + " holds " + documents.size()
                        + " documents, but fine-tuning takes at least 2: one to train and one to watch.");
            }
            List<Prepared> prepared = new ArrayList<>();
            for (int i = 0; i < documents.size(); i++) {
                Path folder = Files.createDirectories(out.resolve("documents").resolve(String.valueOf(i)));
                try (Document document = Document.open(documents.get(i))) {
                    Files.deleteIfExists(Memory.tokenFile(folder));
                    prepared.add(new Prepared(document.title(), folder, JointBatches.prepare(model, document, folder)));
                }
            }
            return prepared;
        } catch (IOException e) {
            throw new LiftException(
                    "The documents of " + corpus + " cannot be read, or " + out + " not be written: " + e.getMessage()
                            + ".",
                    e);
        }
    }

    private static Path state(Path out, int epoch) {
        return out.resolve("state-" + epoch + ".safetensors");
    }

    private static Path best(Path out, int epoch) {
        return out.resolve("best-" + epoch + ".safetensors");
    }

    /** Removes the states that the newest note does not name. */
    private static void removeStates(Path out, TunedBase newest) {
        remove(
                out,
                file -> (file.startsWith("state-") && !file.equals("state-" + newest.epochs() + ".safetensors"))
                        || (file.startsWith("best-") && !file.equals("best-" + newest.best() + ".safetensors")));
    }

    /** What a finished base does not need. */
    private static void clear(Path out) {
        remove(out, file -> file.startsWith("state-") || file.startsWith("best-") || file.equals(RUN));
    }

    private static void remove(Path out, Predicate<String> which) {
        try (Stream<Path> files = Files.list(out)) {
            for (Path file :
                    files.filter(f -> which.test(f.getFileName().toString())).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LiftException(
                    "What an earlier epoch left in " + out + " cannot be removed: check its permissions.", e);
        }
    }
}
