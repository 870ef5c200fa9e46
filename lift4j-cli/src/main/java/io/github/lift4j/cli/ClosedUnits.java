package io.github.lift4j.cli;

import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evaluation.benchmark.OfficialPrompt;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evaluation.suite.ClosedModels;
import io.github.lift4j.evaluation.suite.Suite;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.prompt.Frame;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.remote.ClosedModel;
import io.github.lift4j.remote.CostEstimate;
import io.github.lift4j.remote.Endpoint;
import io.github.lift4j.remote.FineTuning;
import io.github.lift4j.remote.FineTuningPlan;
import io.github.lift4j.remote.Tariff;
import io.github.lift4j.remote.TokenCounter;
import io.github.lift4j.remote.Window;
import io.github.lift4j.task.Task;
import io.github.lift4j.task.TaskSources;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A suite's closed models, taught and asked at their providers. Whoever calls has had a person agree to {@link #cost}
 * before.
 *
 * @param suite tells the prices
 * @param progress hears how a fine-tuning goes
 * @param begun hears of each unit before anything is sent for it
 */
record ClosedUnits(Suite suite, Progress progress, Consumer<Unit.Reading> begun) implements ClosedModels {

    private static final TokenCounter COUNTER = TokenCounter.ANY_SCRIPT;

    /** What a chat's turns and the wording around a question take at most, in tokens. */
    private static final int AROUND_A_QUESTION = 100;

    /** Recalled evidence is written in two steps before the answer. */
    private static final int REQUESTS_WITH_RECALL = 3;

    /** The model as the provider calls it, and where it is. */
    static String name(Unit.Reading unit) {
        return unit.weights() + " at " + unit.provider().orElseThrow().endpoint();
    }

    @Override
    public Pupil teach(Lesson lesson) {
        Unit.Reading unit = lesson.unit();
        begun.accept(unit);
        Unit.Provider provider = unit.provider().orElseThrow();
        Endpoint endpoint = Endpoint.fromEnvironment(Optional.of(provider.endpoint()), Endpoint.KEY_VARIABLE);
        Window window = new Window(provider.window(), unit.documentTokens(), COUNTER);
        try (Document document = document(lesson)) {
            if (unit.recipe().isEmpty()) {
                return new Asked(
                        ClosedModel.untuned(endpoint, unit.weights(), document, lesson.folder(), window, random()),
                        unit.answerTokens());
            }
            try (FineTuning tuning = FineTuning.open(endpoint, lesson.folder(), random())) {
                FineTuningPlan plan = plan(unit, unit.recipe().get());
                tuning.train(document, tasks(lesson), plan, agreed -> true, progress);
            }
            return new Asked(ClosedModel.open(endpoint, lesson.folder(), window, random()), unit.answerTokens());
        }
    }

    /**
     * What lessons cost that are still to be given, at most; sends nothing. What several share is paid for once, and a job
     * that was begun not again.
     */
    CostEstimate cost(Collection<Lesson> lessons) {
        Set<Path> taught = new HashSet<>();
        CostEstimate cost = CostEstimate.NONE;
        for (Lesson lesson : lessons) {
            cost = cost.plus(asking(lesson));
            if (lesson.unit().recipe().isPresent() && taught.add(lesson.folder())) {
                cost = cost.plus(training(lesson, lesson.unit().recipe().get()));
            }
        }
        return cost;
    }

    private CostEstimate training(Lesson lesson, Recipe recipe) {
        try (Document document = document(lesson)) {
            return FineTuning.estimate(lesson.folder(), document, tasks(lesson), plan(lesson.unit(), recipe));
        }
    }

    private CostEstimate asking(Lesson lesson) {
        CostEstimate cost = CostEstimate.NONE;
        for (String mode : lesson.unit().modes()) {
            for (BenchmarkQuestion question : lesson.document().questions()) {
                cost = cost.plus(asking(lesson, question, mode));
            }
        }
        return cost;
    }

    private CostEstimate asking(Lesson lesson, BenchmarkQuestion question, String way) {
        Unit.Reading unit = lesson.unit();
        Mode mode = Mode.parse(way.split(":", 2)[0]);
        long window = unit.provider().orElseThrow().window();
        OfficialPrompt prompt = question.prompt();
        String words = mode.document() && !mode.evidence() ? prompt.system() + prompt.around("") : question.question();
        long document = COUNTER.count(lesson.document().text());
        long read = AROUND_A_QUESTION
                + COUNTER.count(words)
                + (mode.evidence() ? Math.min(document, window / Evidence.WINDOW_SHARE) : 0)
                + (mode.document() ? Math.min(document, unit.documentTokens()) : 0);
        int requests = way.endsWith(":recall") ? REQUESTS_WITH_RECALL : 1;
        return CostEstimate.ofAnswers(
                requests * Math.min(read, window), (long) requests * unit.answerTokens(), tariff(unit));
    }

    private FineTuningPlan plan(Unit.Reading unit, Recipe recipe) {
        return FineTuningPlan.of(unit.weights(), recipe, tariff(unit));
    }

    private Tariff tariff(Unit.Reading unit) {
        return suite.models().stream()
                .filter(model ->
                        model.name().equals(unit.model()) && model.provider().equals(unit.provider()))
                .map(Suite.ModelChoice::price)
                .map(price -> new Tariff(price.input(), price.output(), price.training(), Double.POSITIVE_INFINITY))
                .findFirst()
                .orElseThrow();
    }

    private static List<Task> tasks(Lesson lesson) {
        return lesson.unit().recipe().flatMap(Recipe::tasks).stream()
                .flatMap(tasks -> tasks.sources().stream())
                .flatMap(source -> tasks(lesson, (TaskSettings.Unwritten) source).stream())
                .toList();
    }

    /** The plan has no recipe for a closed model with other sources. */
    private static List<Task> tasks(Lesson lesson, TaskSettings.Unwritten source) {
        return TaskSources.unwritten(
                lesson.document().title(),
                lesson.document().text(),
                source,
                lesson.unit().seed());
    }

    private static Document document(Lesson lesson) {
        return Document.of(lesson.document().title(), lesson.document().text());
    }

    private static RandomGenerator random() {
        return RandomGenerator.getDefault();
    }

    private record Asked(ClosedModel model, int answerTokens) implements Pupil {

        @Override
        public Answer ask(String question, Mode mode, Evidence evidence) {
            return model.ask(question, mode, evidence, answerTokens);
        }

        @Override
        public Answer ask(String question, Mode mode, Frame frame) {
            return model.ask(question, mode, frame, answerTokens);
        }

        @Override
        public void close() {
            model.close();
        }
    }
}
