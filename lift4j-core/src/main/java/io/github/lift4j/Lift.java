package io.github.lift4j;

import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.hub.DefaultModel;
import io.github.lift4j.engine.hub.ModelHub;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.model.StoredModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.prompt.Frame;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.sft.PreTraining;
import io.github.lift4j.sft.SftPlan;
import io.github.lift4j.sft.TunedBase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Long Input Fine-Tuning in a few lines: one loaded base model that absorbs documents and answers from them.
 *
 * <pre>{@code
 * try (Lift lift = Lift.open(LiftOptions.defaults())) {
 *     Memory memory = lift.absorb(Path.of("expedition.md"), Path.of("expedition.memory"));
 *     System.out.println(lift.ask(memory, "How high is Mount Gannet?", Mode.LIFT_ICL).answer());
 * }
 * }</pre>
 *
 * <p>Several threads may ask at once; absorb on one thread at a time. Work stops with a
 * {@link java.util.concurrent.CancellationException} when its thread is interrupted. Use platform threads: native calls
 * pin virtual ones. What cannot be done is refused with a {@link io.github.lift4j.engine.LiftException}. Owns native
 * memory: close it after everything that was made from it.
 */
public final class Lift implements AutoCloseable {

    /** Longest answer of {@link #ask} in tokens. */
    private static final int ANSWER_LIMIT = 128;

    private final LanguageModel model;
    private final Progress progress;

    private Lift(LanguageModel model, Progress progress) {
        this.model = model;
        this.progress = progress;
    }

    /** Finds the model, downloading it where it is not at hand, and loads it. */
    public static Lift open(LiftOptions options) {
        ComputeDevice device = ComputeDevice.parse(options.device());
        ComputeType type = ComputeType.parse(options.dtype(), device);
        try (StoredModel stored = stored(options)) {
            return new Lift(stored.load(device, type), options.progress());
        }
    }

    /** Works with a model that is loaded; it is closed with this. */
    public static Lift of(LanguageModel model, Progress progress) {
        return new Lift(model, progress);
    }

    /** Finds the model likewise and opens its files without loading them, for what reads them; the caller closes it. */
    public static StoredModel stored(LiftOptions options) {
        String wanted = options.model().orElse(DefaultModel.SMOLLM2.id());
        Optional<TunedBase> tuned = TunedBase.in(Path.of(wanted));
        Path path = find(tuned.map(TunedBase::baseName).orElse(wanted), options);
        String name =
                Files.exists(Path.of(wanted)) ? Path.of(wanted).toAbsolutePath().toString() : wanted;
        return tuned.map(base -> StoredModel.openTuned(name, path, base.baseSha256(), Path.of(wanted)))
                .orElseGet(() -> StoredModel.open(name, path));
    }

    private static Path find(String model, LiftOptions options) {
        ModelHub hub = ModelHub.of(options.hub());
        return model.equals(DefaultModel.SMOLLM2.id())
                ? hub.resolveDefault(options.progress())
                : hub.resolve(model, options.progress());
    }

    /** The loaded base model. */
    public LanguageModel model() {
        return model;
    }

    /** Absorbs a file by the recipe that suits the device ({@link RecipeFile#defaultFor}) into a new folder. */
    public Memory absorb(Path file, Path folder) {
        try (Document document = Document.open(file)) {
            return absorb(document, RecipeFile.defaultFor(model.transformer().device()), folder);
        }
    }

    /** Absorbs a document into a new folder. */
    public Memory absorb(Document document, Recipe recipe, Path folder) {
        return new Absorber(model, progress).absorb(document, recipe, folder);
    }

    /**
     * Fine-tunes on the documents of a folder beforehand (section 3.3); the folder it leaves can be opened as a model.
     * Goes on with what an earlier call left unfinished there.
     */
    public TunedBase tune(Path corpus, Recipe recipe, SftPlan plan, Path folder) {
        return new PreTraining(model, progress).train(corpus, recipe, plan, folder);
    }

    /** Absorbs another document on top of a memory, into a new folder; the memory stays as it is. */
    public Memory append(Memory memory, Document document, Recipe recipe, Path folder) {
        return new Absorber(model, progress).append(memory, document, recipe, folder);
    }

    /** Continues an absorb that was stopped or killed. */
    public Memory resume(Path folder) {
        return new Absorber(model, progress).resume(folder);
    }

    /** Answers one question, always with the likeliest words. For several questions, {@link #answerer} is faster. */
    public Answer ask(Memory memory, String question, Mode mode) {
        try (Answerer answerer = answerer(memory, mode, ANSWER_LIMIT)) {
            return answerer.ask(question, Sampling.GREEDY, piece -> {});
        }
    }

    /** Makes ready to answer several questions in one mode; the caller closes it. */
    public Answerer answerer(Memory memory, Mode mode, int answerLimit) {
        return answerer(memory, mode, Window.full(answerLimit), Evidence.NONE);
    }

    /**
     * The same with a window shared out otherwise and, for modes that have it, evidence.
     *
     * @param evidence as {@link Evidence#named} gives it for {@link Memory#text}; closed with the answerer, or where that cannot be
     *     opened
     */
    public Answerer answerer(Memory memory, Mode mode, Window window, Evidence evidence) {
        return Answerer.open(model, memory, mode, window, evidence);
    }

    /**
     * Makes ready to ask in other words than the project's, for modes that have the document in the window and no
     * evidence.
     *
     * @param frame what stands around the document; a question is what stands behind it
     */
    public Answerer answerer(Memory memory, Mode mode, Window window, Frame frame) {
        return Answerer.open(model, memory, mode, window, frame);
    }

    @Override
    public void close() {
        model.close();
    }
}
