package io.github.lift4j.memory;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.lift4j.recipe.Recipe;
import java.util.List;
import java.util.Optional;

/**
 * What {@code memory.json} says.
 *
 * @param version of this format
 * @param lift4j version that wrote it
 * @param title of the document
 * @param documentSha256 hash of the document's text; empty where there is no document
 * @param tokens length of the document; 0 for an imported adapter, which has none
 * @param baseName what the base model is called
 * @param baseSha256 hash of the base model's weights
 * @param computeType in which it was trained
 * @param recipe how
 * @param losses mean negative log-likelihood of each step's segments before its update, in nats a token
 * @param taskLosses mean loss of each step's tasks likewise, 0 where it had none
 * @param seconds what making the tasks and training took
 * @param grown what it grew from; empty for a memory of one absorb
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
        Seconds seconds,
        Optional<Grown> grown) {

    /**
     * A memory that was absorbed before and is part of this one, and what is forgotten of it.
     *
     * @param tokens how many of the document's tokens were known before
     * @param characters how many of its text's characters (UTF-16 units)
     * @param nllBefore mean negative log-likelihood of some of its segments before more was absorbed, in nats a token
     * @param nllAfter the same after it; empty while it is absorbed
     */
    public record Grown(long tokens, long characters, double nllBefore, Optional<Double> nllAfter) {}

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

    /** Whether it is of a document, as all memories are but imported ones. */
    public boolean hasDocument() {
        return tokens > 0;
    }

    /** The same memory further in training. */
    public Manifest withLosses(List<Double> losses, List<Double> taskLosses, Seconds seconds) {
        return with(losses, taskLosses, seconds, grown);
    }

    /** The same with what it grew from. */
    public Manifest withGrown(Grown grown) {
        return with(losses, taskLosses, seconds, Optional.of(grown));
    }

    private Manifest with(List<Double> losses, List<Double> taskLosses, Seconds seconds, Optional<Grown> grown) {
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
                seconds,
                grown);
    }
}
