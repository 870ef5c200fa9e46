package io.github.lift4j.evaluation.run;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evaluation.metric.TokenF1;
import io.github.lift4j.evaluation.probe.Probe;
import io.github.lift4j.evaluation.probe.ProbeItem;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.TaskSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Absorbs one document by one recipe and asks its questions without and with the document in the window, as the tables
 * need it; and asks the probe, to see what was lost.
 *
 * @param lift the base model
 * @param window how much of the document stands in the window
 * @param workspace where memories are made; tasks made by the same source for the same document are used again
 */
public record RecipeTrial(Lift lift, Window window, Path workspace) {

    /** The paper's truncation in the measurements that this repeats: 3,000 tokens of the head and as many of the tail. */
    public static final Window HEAD_AND_TAIL = new Window(32, 6000);

    private static final String JOURNAL = "tasks.bin";

    /**
     * One question in one mode.
     *
     * @param nll of the gold answer, in nats a token
     * @param f1 of the model's answer, 0 to 1
     */
    public record Score(double nll, double f1) {}

    /**
     * What came of it.
     *
     * @param withoutDocument a score a question, nothing in the window
     * @param withDocument the same with the document's head and tail in the window
     * @param instructions share of the probe's instructions that were followed, 0 to 1
     * @param knowledge share of its questions of general knowledge that were answered, 0 to 1
     * @param taskSeconds what making the tasks took; 0 where they were at hand
     * @param trainingSeconds what training took
     */
    public record Outcome(
            List<Score> withoutDocument,
            List<Score> withDocument,
            double instructions,
            double knowledge,
            double taskSeconds,
            double trainingSeconds) {}

    /** The base model on the document's questions. */
    public Outcome base(BenchmarkDocument document) {
        Memory memory = new Memories(lift, workspace).of(document.title(), document.text(), Optional.empty());
        return outcome(document, memory, Mode.BASE, Mode.ICL);
    }

    /** A recipe on the document's questions. */
    public Outcome of(BenchmarkDocument document, Recipe recipe) {
        return outcome(document, absorb(document, recipe), Mode.LIFT, Mode.LIFT_ICL);
    }

    private Outcome outcome(BenchmarkDocument document, Memory memory, Mode without, Mode with) {
        List<Score> bare = scores(document, memory, without);
        List<Score> windowed = scores(document, memory, with);
        return new Outcome(
                bare,
                windowed,
                probed(memory, without, ProbeItem.Kind.INSTRUCTION),
                probed(memory, without, ProbeItem.Kind.KNOWLEDGE),
                memory.manifest().seconds().tasks(),
                memory.manifest().seconds().training());
    }

    private List<Score> scores(BenchmarkDocument document, Memory memory, Mode mode) {
        List<String> questions =
                document.questions().stream().map(BenchmarkQuestion::question).toList();
        List<String> gold =
                document.questions().stream().map(q -> q.gold().text()).toList();
        try (Answerer answerer = lift.answerer(memory, mode, window, Evidence.NONE)) {
            List<String> answers = answerer.askEach(questions, Sampling.GREEDY);
            List<Double> nll = answerer.scoreEach(questions, gold);
            TokenF1 f1 = new TokenF1();
            return IntStream.range(0, gold.size())
                    .mapToObj(i -> new Score(nll.get(i), f1.score(answers.get(i), gold.get(i))))
                    .toList();
        }
    }

    private double probed(Memory memory, Mode mode, ProbeItem.Kind kind) {
        List<ProbeItem> items =
                Probe.items().stream().filter(item -> item.kind() == kind).toList();
        List<String> prompts = items.stream().map(ProbeItem::prompt).toList();
        try (Answerer answerer = lift.answerer(memory, mode, 48)) {
            List<String> answers = answerer.tellEach(prompts, Sampling.GREEDY);
            return IntStream.range(0, items.size())
                            .filter(i -> items.get(i).passes(answers.get(i)))
                            .count()
                    / (double) items.size();
        }
    }

    /** The memory of an earlier trial of the same recipe is used again. */
    private Memory absorb(BenchmarkDocument document, Recipe recipe) {
        Path folder = workspace.resolve(name(document.title() + RecipeFile.write(recipe)));
        if (Files.exists(folder.resolve("memory.json"))) {
            return Memory.open(folder);
        }
        try (Document text = Document.of(document.title(), document.text())) {
            Path made = workspace.resolve(
                    name(document.title() + recipe.tasks().map(TaskSettings::sources) + recipe.seed()) + ".tasks");
            Files.createDirectories(folder);
            if (Files.exists(made)) {
                Files.copy(made, folder.resolve(JOURNAL));
            }
            Memory memory = lift.absorb(text, recipe, folder);
            if (recipe.tasks().isPresent() && !Files.exists(made)) {
                Files.copy(folder.resolve(JOURNAL), made);
            }
            return memory;
        } catch (IOException e) {
            throw new LiftException(
                    "The bench cannot write to " + workspace + " (" + e.getMessage() + "): choose another folder.", e);
        }
    }

    private static String name(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
