package io.github.lift4j.memory;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.lift4j.recipe.Recipe;
import java.util.List;

/**
 * What {@code memory.json} says.
 *
 * @param version of this format
 * @param lift4j version that wrote it
 * @param title of the document
 * @param documentSha256 hash of the document's text
 * @param tokens length of the document
 * @param baseName what the base model is called
 * @param baseSha256 hash of the base model's weights
 * @param computeType in which it was trained
 * @param recipe how
 * @param losses mean negative log-likelihood of each step's segments before its update, in nats a token
 * @param seconds what making the tasks and training took
 * @param taskLosses mean loss of each step's tasks likewise, 0 where it had none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Manifest(
        int version,
        String lift4j,
        String title,
        String documentSha256,
        long tokens,
        String baseName,
        String baseSha256,
        String computeType,
        Recipe recipe,
        List<Double> losses,
        List<Double> taskLosses,
        Seconds seconds) {

    /**
     * Where the time went.
     *
     * @param tasks making tasks
     * @param training everything else from the first step to the last
     */
    public record Seconds(double tasks, double training) {

        /** Before anything was done. */
        public static final Seconds NONE = new Seconds(0, 0);
    }

    /** The version of the format that this code writes. */
    public static final int CURRENT = 1;

    public Manifest {
        losses = List.copyOf(losses);
        taskLosses = List.copyOf(taskLosses);
    }

    /** The same memory further in training. */
    public Manifest withLosses(List<Double> losses, List<Double> taskLosses, Seconds seconds) {
        return new Manifest(
                version,
                lift4j,
                title,
                documentSha256,
                tokens,
                baseName,
                baseSha256,
                computeType,
                recipe,
                losses,
                taskLosses,
                seconds);
    }
}
