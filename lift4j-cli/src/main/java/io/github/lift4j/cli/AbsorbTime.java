package io.github.lift4j.cli;

import io.github.lift4j.document.Passages;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.segment.Segments;

/**
 * How long another recipe would take on the document that was just absorbed, at the speed at which that went. Rough: how
 * many of its questions the quality gate lets through, nobody knows before.
 */
record AbsorbTime(Memory memory) {

    /** Tokens of a question, its answer and the template around them, as measured on English essays. */
    private static final int TASK_TOKENS = 70;

    /** A question that is asked and answered takes as long as training so many tokens, measured on two cores. */
    private static final int QUESTION_TOKENS = 145;

    /** Seconds. */
    double of(Recipe recipe) {
        Manifest manifest = memory.manifest();
        double rate = segmentTokens(manifest.recipe()) / manifest.seconds().training();
        double tasks = recipe.tasks().map(this::taskTokens).orElse(0.0);
        return (segmentTokens(recipe) + tasks) / rate;
    }

    private double segmentTokens(Recipe recipe) {
        Segments segments =
                recipe.segments().segmentation().over(memory.manifest().tokens());
        return (double) segments.tokensPerEpoch() * recipe.segments().epochs();
    }

    private double taskTokens(TaskSettings settings) {
        int sentences = Passages.sentences(memory.text()).size();
        return settings.sources().stream()
                .mapToDouble(source -> switch (source) {
                    case TaskSettings.SelfStudy study -> {
                        int answers = study.answers() == TaskSettings.SelfStudy.Answers.BOTH ? 2 : 1;
                        double trained = (double) answers * settings.epochs() * TASK_TOKENS;
                        yield sentences * study.questions() * (QUESTION_TOKENS + trained);
                    }
                    default -> 0;
                })
                .sum();
    }
}
