package io.github.lift4j.server.work;

import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.TaskSettings;

/**
 * How long a job is going to work, waiting for its turn apart. Rough.
 *
 * @param tokens of the document
 * @param seconds reading the document apart
 * @param jobs how many finished ones it goes by; 0 where it goes by a short measurement
 */
public record Estimate(Recipe recipe, long tokens, double seconds, int jobs) {

    /** What of the recipe's tasks is in the estimate. */
    public enum Tasks {
        /** It has none. */
        NONE,
        /** All, the writing of those that a model writes included. */
        COUNTED,
        /** Not a file's, whose number nobody knows before; and those that an endpoint writes as if the base wrote them. */
        LEFT_OUT
    }

    /** What of the recipe's tasks is in it. */
    public Tasks tasks() {
        return recipe.tasks()
                .map(tasks -> tasks.sources().stream().allMatch(Estimate::counted) ? Tasks.COUNTED : Tasks.LEFT_OUT)
                .orElse(Tasks.NONE);
    }

    private static boolean counted(TaskSettings.Source source) {
        return switch (source) {
            case TaskSettings.File _ -> false;
            case TaskSettings.Questions questions -> questions.author() instanceof TaskSettings.Base;
            case TaskSettings.SelfStudy _, TaskSettings.Rules _, TaskSettings.Ordering _, TaskSettings.Joints _ -> true;
        };
    }
}
