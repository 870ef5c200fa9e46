package io.github.lift4j.task;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.recipe.TaskSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.SplittableRandom;

/** Who makes tasks, by what a recipe says. */
public final class TaskSources {

    private TaskSources() {}

    /**
     * The sources of a recipe for one document.
     *
     * @param text the document's
     * @param seed fixes what they make
     * @throws LiftException where a source is unknown or its file cannot be read
     */
    public static TaskSource of(
            LanguageModel model, String title, String text, List<TaskSettings.Source> settings, long seed) {
        List<TaskSource> sources = new ArrayList<>();
        try {
            settings.forEach(source -> sources.add(of(model, title, text, source, seed)));
        } catch (RuntimeException e) {
            sources.forEach(TaskSource::close);
            throw e;
        }
        return sources.size() == 1 ? sources.getFirst() : new JoinedSources(sources);
    }

    private static TaskSource of(
            LanguageModel model, String title, String text, TaskSettings.Source source, long seed) {
        return switch (source) {
            case TaskSettings.SelfStudy study -> new SelfStudy(model, title, text, study, seed);
            case TaskSettings.Questions questions -> questions(model, title, text, questions, seed);
            case TaskSettings.Unwritten unwritten -> new FixedTasks(model, unwritten(title, text, unwritten, seed));
        };
    }

    /**
     * The tasks of a source that asks no model.
     *
     * @param text the document's
     * @param seed fixes what is made
     * @throws LiftException where a rule is unknown or a file cannot be read
     */
    public static List<Task> unwritten(String title, String text, TaskSettings.Unwritten source, long seed) {
        return switch (source) {
            case TaskSettings.Rules rules ->
                RuleTasks.of(title, text).make(kind(rules.rule()), rules.count(), new SplittableRandom(seed));
            case TaskSettings.Ordering ordering ->
                RuleTasks.of(title, text)
                        .makeOrdering(ordering.passage(), ordering.count(), new SplittableRandom(seed));
            case TaskSettings.Joints joints ->
                RuleTasks.of(title, text).makeJoints(joints.passage(), joints.count(), new SplittableRandom(seed));
            case TaskSettings.File file -> TaskFile.read(Path.of(file.path()));
        };
    }

    private static TaskSource questions(
            LanguageModel model, String title, String text, TaskSettings.Questions settings, long seed) {
        return switch (settings.author()) {
            case TaskSettings.Base() -> {
                Author base = new BaseAuthor(model);
                yield new Questions(model, title, text, settings, base, base, seed);
            }
            case TaskSettings.Endpoint endpoint -> {
                AuthorSource source = ServiceLoader.load(AuthorSource.class)
                        .findFirst()
                        .orElseThrow(() -> new LiftException("The recipe's questions are written by " + endpoint.model()
                                + " at " + endpoint.url() + ", which needs lift4j-remote: add it to the class path."));
                SplittableRandom random = new SplittableRandom(seed);
                Author writer = source.open(endpoint, AuthorSource.Form.PAIRS, random.split());
                Author checker = source.open(endpoint, AuthorSource.Form.TEXT, random.split());
                yield new Questions(model, title, text, settings, writer, checker, seed);
            }
        };
    }

    private static RuleTasks.Kind kind(String rule) {
        return Arrays.stream(RuleTasks.Kind.values())
                .filter(kind -> kind.source().equals(rule))
                .findFirst()
                .orElseThrow(() -> new LiftException("There is no rule '" + rule + "' for tasks: use "
                        + String.join(
                                ", ",
                                Arrays.stream(RuleTasks.Kind.values())
                                        .map(RuleTasks.Kind::source)
                                        .map(name -> name.toLowerCase(Locale.ROOT))
                                        .toList())
                        + "."));
    }
}
