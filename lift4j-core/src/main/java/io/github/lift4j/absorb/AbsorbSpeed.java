package io.github.lift4j.absorb;

import io.github.lift4j.document.Passages;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.training.TrainingExample;
import io.github.lift4j.engine.transformer.ModelConfig;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.RecipeFile;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.recipe.TaskSettings.SelfStudy.Answers;
import io.github.lift4j.task.Joint;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * How fast a model absorbs on a machine, and so how long a document takes by any recipe. Rough: how many questions the
 * quality gate lets through, and how many tasks a file has, nobody knows before.
 *
 * @param training tokens trained a second, positive
 * @param writing tokens of tasks written a second, all that are written side by side together, positive
 */
public record AbsorbSpeed(double training, double writing) {

    private static final double TOKENS_A_SENTENCE = 25;
    private static final int TOKENS_A_QUESTION = 16;

    /** Of the chat template around a task: one with an answer of at most 48 tokens has 70 on English essays. */
    private static final int TOKENS_A_TEMPLATE = 6;

    private static final int TOKENS_A_RULE = 64;

    /** Of a question about a joint, without the passages. */
    private static final int TOKENS_A_JOINT = 64;

    private static final double CHARACTERS_A_TOKEN = 4;

    /** Ordering tasks have some five passages, of half the greatest length on average. */
    private static final double LONGEST_PASSAGES = 2.5;

    /** Asking and answering 64 tokens takes as long as training 145, as measured on two cores. */
    private static final double TRAINED_A_WRITTEN = 145 / 64.0;

    private static final int LEAST_STEPS = 2;
    private static final int MOST_STEPS = 8;
    private static final double ENOUGH_SECONDS = 5;

    /** Tokens to be trained, and to be written before. */
    private record Work(double trained, double written) {

        Work plus(Work other) {
            return new Work(trained + other.trained, written + other.written);
        }
    }

    /** The speed at which a memory's document was absorbed; how fast its tasks were written is taken from training. */
    public static AbsorbSpeed of(Memory memory) {
        Manifest manifest = memory.manifest();
        double training = work(manifest.recipe(), manifest.tokens(), sentences(memory)).trained
                / manifest.seconds().training();
        return new AbsorbSpeed(training, training / TRAINED_A_WRITTEN);
    }

    /**
     * Measures a model: some steps on noise, as large as those of the recipe {@code fast}, the fastest of which counts. Two at
     * least, as the first also warms up, and no more after five seconds. Nothing of it stays.
     */
    public static AbsorbSpeed measure(LanguageModel model) {
        Recipe recipe = RecipeFile.named("fast");
        SplittableRandom random = new SplittableRandom(0);
        long began = System.nanoTime();
        double best = 0;
        try (Learner learner = Learner.of(model, recipe)) {
            for (int i = 0; i < LEAST_STEPS || i < MOST_STEPS && seconds(began) < ENOUGH_SECONDS; i++) {
                List<TrainingExample> noise = noise(model.transformer().config(), recipe, random);
                long start = System.nanoTime();
                learner.trainer().step(noise, recipe.training().learningRate());
                int tokens = noise.stream()
                        .mapToInt(example -> example.tokens().length)
                        .sum();
                best = Math.max(best, tokens / seconds(start));
            }
        }
        return new AbsorbSpeed(best, best / TRAINED_A_WRITTEN);
    }

    /** A step's segments that say nothing. */
    private static List<TrainingExample> noise(ModelConfig config, Recipe recipe, SplittableRandom random) {
        int length = Math.min(recipe.segments().length(), config.window());
        float weight = 1f / (recipe.segmentsPerStep() * (length - 1));
        return Stream.generate(() -> TrainingExample.uniform(
                        random.ints(length, 0, config.vocabulary()).toArray(), weight))
                .limit(recipe.segmentsPerStep())
                .toList();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /**
     * Seconds that a document of so many tokens would take by a recipe where a memory was made: by what that took in all,
     * tasks and waiting included, if it was made by the same recipe, else by the speed at which it was trained.
     */
    public static double seconds(Memory like, Recipe recipe, long tokens) {
        AbsorbSpeed speed = of(like);
        double trained = speed.seconds(recipe, tokens);
        Manifest manifest = like.manifest();
        if (!manifest.recipe().withSeed(recipe.seed()).equals(recipe)) {
            return trained;
        }
        double took = manifest.seconds().tasks() + manifest.seconds().training();
        return trained * took / speed.seconds(recipe, like);
    }

    /** Seconds that a document of so many tokens takes. */
    public double seconds(Recipe recipe, long tokens) {
        return seconds(work(recipe, tokens, tokens / TOKENS_A_SENTENCE));
    }

    /** Seconds that a memory's document would take by another recipe. */
    public double seconds(Recipe recipe, Memory memory) {
        return seconds(work(recipe, memory.manifest().tokens(), sentences(memory)));
    }

    private double seconds(Work work) {
        return work.trained / training + work.written / writing;
    }

    private static double sentences(Memory memory) {
        return Passages.sentences(memory.text()).size();
    }

    private static Work work(Recipe recipe, long tokens, double sentences) {
        double segments = recipe.segments().segmentation().over(tokens).tokensPerEpoch();
        Work reading = new Work(segments * recipe.segments().epochs(), 0);
        return recipe.tasks()
                .map(tasks -> tasks.sources().stream()
                        .map(source -> work(source, sentences))
                        .map(once -> new Work(once.trained * tasks.epochs(), once.written))
                        .reduce(reading, Work::plus))
                .orElse(reading);
    }

    /** Of all tasks of a source in one epoch. */
    private static Work work(TaskSettings.Source source, double sentences) {
        return switch (source) {
            case TaskSettings.SelfStudy study ->
                pairs(sentences * study.questions(), study.answers() == Answers.BOTH ? 2 : 1, study.answerTokens());
            case TaskSettings.Questions asked -> {
                double pieces = switch (asked.from()) {
                    case TaskSettings.Sentence each -> sentences;
                    case TaskSettings.Pieces some -> some.count();
                };
                yield pairs(pieces * asked.questions(), 1, asked.answerTokens());
            }
            case TaskSettings.Rules rules -> new Work((double) rules.count() * TOKENS_A_RULE, 0);
            case TaskSettings.Ordering ordering ->
                new Work(ordering.count() * LONGEST_PASSAGES * ordering.passage() / CHARACTERS_A_TOKEN, 0);
            case TaskSettings.Joints joints ->
                new Work(joints.count() * (TOKENS_A_JOINT + shown(joints.passage()) / CHARACTERS_A_TOKEN), 0);
            case TaskSettings.File file -> new Work(0, 0);
        };
    }

    /** Characters that two passages show at a joint, three quarters of the most on average. */
    private static double shown(int passage) {
        return 0.75 * (Math.min(passage, Joint.END_CHARACTERS) + Math.min(passage, Joint.BEGINNING_CHARACTERS));
    }

    /** Questions that the model asks and answers, with so many tasks learned of each. */
    private static Work pairs(double count, int tasks, int answerTokens) {
        int written = TOKENS_A_QUESTION + answerTokens;
        return new Work(count * tasks * (written + TOKENS_A_TEMPLATE), count * written);
    }
}
