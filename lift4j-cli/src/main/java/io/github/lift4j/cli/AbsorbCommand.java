package io.github.lift4j.cli;

import io.github.lift4j.Lift;
import io.github.lift4j.absorb.AbsorbSpeed;
import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Window;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.recipe.TrainingSettings;
import io.github.lift4j.segment.Segmentation;
import io.github.lift4j.segment.Segments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift absorb}: a document becomes a memory. */
@Command(
        name = "absorb",
        mixinStandardHelpOptions = true,
        description = "Teaches the model one or more documents and writes a memory.",
        footer = {
            "",
            "Examples:",
            "  lift absorb book.pdf",
            "  lift absorb part1.md part2.md --out book.memory --epochs 6",
            "  curl -s URL | lift absorb - --out page.memory",
            "  lift absorb --resume --out book.memory",
            "  lift absorb volume2.pdf --append book.memory --out both.memory"
        })
final class AbsorbCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "DOC",
            description = "Text, Markdown, HTML, PDF, EPUB or DOCX files, or - for standard input.")
    private List<String> documents = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The memory's folder (default: the first document's name with .memory behind it).")
    private @Nullable Path out;

    @Option(
            names = "--append",
            paramLabel = "MEMORY",
            description = "Goes on from this memory, as with a second volume, and writes a new one to --out.")
    private @Nullable Path append;

    @Option(names = "--resume", description = "Continues an absorb that was stopped or killed.")
    private boolean resume;

    @Option(
            names = "--recipe",
            paramLabel = "NAME|FILE",
            description =
                    "fast, recite, self-study, every-sentence, paper, or a YAML file (default: self-study on a GPU,"
                            + " fast on a processor).")
    private @Nullable String recipe;

    @Option(
            names = "--ask",
            paramLabel = "QUESTION",
            description =
                    "Asks this as soon as the document is absorbed, and says how long its answer took from the start.")
    private @Nullable String question;

    @Option(
            names = "--tasks",
            paramLabel = "FILE",
            description = "Trains on these questions and answers beside the segments, one JSON object a line.")
    private @Nullable Path tasks;

    @Option(names = "--segment-length", paramLabel = "TOKENS", description = "Length of a segment.")
    private @Nullable Integer segmentLength;

    @Option(
            names = "--stride",
            paramLabel = "TOKENS",
            description = "Distance of segments (default: 3/8 of the length).")
    private @Nullable Integer stride;

    @Option(names = "--rank", paramLabel = "N", description = "LoRA rank; 0 trains all weights.")
    private @Nullable Integer rank;

    @Option(names = "--alpha", paramLabel = "X", description = "LoRA alpha (default: twice the rank).")
    private @Nullable Double alpha;

    @Option(names = "--learning-rate", paramLabel = "X", description = "Highest learning rate.")
    private @Nullable Double learningRate;

    @Option(names = "--epochs", paramLabel = "N", description = "How often every segment is trained.")
    private @Nullable Integer epochs;

    @Option(names = "--step-tokens", paramLabel = "TOKENS", description = "Tokens in one optimiser step.")
    private @Nullable Integer stepTokens;

    @Option(names = "--seed", paramLabel = "N", description = "Fixes the order of the segments and the start.")
    private @Nullable Long seed;

    @Mixin
    private ModeOptions answering;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        if (documents.isEmpty() && !(resume && out != null)) {
            throw new LiftException("absorb needs a document, or --resume with --out: see lift absorb --help.");
        }
        if (append != null && out == null) {
            throw new LiftException("--append needs --out: a memory that grows becomes a new one.");
        }
        Optional<Memory> before = Optional.ofNullable(append).map(Memory::open);
        // Read before a model is loaded: a mistake in it is told at once.
        Optional<Recipe> wanted = Optional.ofNullable(recipe).map(RecipeFile::read);
        long started = System.nanoTime();
        try (ProgressDisplay progress = output.progress();
                Lift lift = model.open(before.map(m -> m.manifest().baseName()), progress)) {
            Memory memory = resume ? lift.resume(folder()) : absorb(lift, before, wanted);
            progress.close();
            double seconds = (System.nanoTime() - started) / 1e9;
            Optional<Answer> answer = Optional.ofNullable(question).map(asked -> answer(lift, memory, asked));
            print(memory, seconds, answer, offer(memory, lift));
        }
        return 0;
    }

    private Answer answer(Lift lift, Memory memory, String asked) {
        try (Answerer answerer = lift.answerer(
                memory, answering.mode(), Window.full(answering.limit()), answering.evidence(memory::text))) {
            return answerer.ask(asked, Sampling.GREEDY, piece -> {});
        }
    }

    /** Where the default was chosen for a slow device: what the best recipe would take. */
    private Optional<String> offer(Memory memory, Lift lift) {
        Recipe best = RecipeFile.named(RecipeFile.BEST);
        return recipe != null || memory.manifest().recipe().name().equals(best.name())
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "--recipe %s would answer better; it takes some %.0f minutes here.",
                        best.name(),
                        Math.ceil(AbsorbSpeed.of(memory).seconds(best, memory) / 60)));
    }

    private Memory absorb(Lift lift, Optional<Memory> before, Optional<Recipe> wanted) {
        Recipe chosen = adjusted(wanted.orElseGet(
                () -> RecipeFile.defaultFor(lift.model().transformer().device())));
        try (Document document = document()) {
            return before.isPresent()
                    ? lift.append(before.get(), document, chosen, folder())
                    : lift.absorb(document, chosen, folder());
        }
    }

    private Document document() {
        if (documents.equals(List.of("-"))) {
            return Document.read(System.in, "standard input");
        }
        return documents.size() == 1
                ? Document.open(Path.of(documents.getFirst()))
                : Document.openAll(documents.stream().map(Path::of).toList());
    }

    private Path folder() {
        if (out != null) {
            return out;
        }
        String first = documents.getFirst().equals("-")
                ? "stdin"
                : String.valueOf(Path.of(documents.getFirst()).getFileName());
        return Path.of(first + ".memory");
    }

    /** A recipe with what other options say. */
    private Recipe adjusted(Recipe base) {
        SegmentSettings cut = base.segments();
        AdapterSettings adapter = base.adapter();
        TrainingSettings training = base.training();
        int length = Optional.ofNullable(segmentLength).orElse(cut.length());
        int usual = segmentLength == null
                ? cut.stride()
                : Segmentation.ofLength(length).stride();
        int ranked = Optional.ofNullable(rank).orElse(adapter.rank());
        double usualAlpha = rank == null ? adapter.alpha() : Math.max(1, 2.0 * ranked);
        return base.with(new SegmentSettings(
                        length,
                        Optional.ofNullable(stride).orElse(usual),
                        Optional.ofNullable(epochs).orElse(cut.epochs())))
                .with(new AdapterSettings(
                        ranked,
                        Optional.ofNullable(alpha).orElse(usualAlpha),
                        adapter.rankStabilised(),
                        adapter.targets()))
                .with(training.withLearningRate(
                                Optional.ofNullable(learningRate).orElse(training.learningRate()))
                        .withStepTokens(Optional.ofNullable(stepTokens).orElse(training.stepTokens())))
                .withTasks(tasks == null ? base.tasks() : Optional.of(ownTasks(base)))
                .withSeed(Optional.ofNullable(seed).orElse(base.seed()));
    }

    private TaskSettings ownTasks(Recipe base) {
        List<TaskSettings.Source> file = List.of(new TaskSettings.File(String.valueOf(tasks)));
        return base.tasks()
                .map(t -> new TaskSettings(t.gamma(), t.epochs(), file))
                .orElseGet(() -> new TaskSettings(1, base.segments().epochs(), file));
    }

    private void print(Memory memory, double seconds, Optional<Answer> answer, Optional<String> offer) {
        Manifest manifest = memory.manifest();
        Segments segments = manifest.recipe().segments().segmentation().over(manifest.tokens());
        double trained = (double) segments.tokensPerEpoch()
                * manifest.recipe().segments().epochs();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("memory", memory.folder().toString());
        result.put("tokens", manifest.tokens());
        result.put("segments", segments.count());
        result.put("steps", manifest.losses().size());
        result.put("loss_first", manifest.losses().getFirst());
        result.put("loss_last", manifest.losses().getLast());
        result.put("tokens_per_second", trained / seconds);
        result.put("seconds", seconds);
        manifest.grown().ifPresent(known -> {
            result.put("known_nll_before", known.nllBefore());
            result.put("known_nll_after", known.nllAfter().orElse(known.nllBefore()));
        });
        answer.ifPresent(given -> {
            result.put("answer", given.answer());
            result.put("seconds_to_first_answer", seconds + given.secondsToFirstToken());
        });
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "Absorbed \"%s\" (%,d tokens, %d segments) in %.0f s: loss %.3f -> %.3f.",
                manifest.title(),
                manifest.tokens(),
                segments.count(),
                seconds,
                manifest.losses().getFirst(),
                manifest.losses().getLast()));
        answer.ifPresent(given -> lines.add(String.format(
                Locale.ROOT,
                "%s%n(its first word came %.0f s after the start)",
                given.answer(),
                seconds + given.secondsToFirstToken())));
        lines.add("Ask it: lift ask " + memory.folder() + " \"...\"");
        offer.ifPresent(lines::add);
        output.print(result, String.join(System.lineSeparator(), lines));
    }
}
