package io.github.lift4j.evaluation.result;

import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;

/**
 * What a unit took. The only part of a result that differs between two runs.
 *
 * @param tokens of the document
 * @param taskSeconds making auxiliary tasks
 * @param trainingSeconds training
 * @param seconds all in all
 */
public record Effort(long tokens, double taskSeconds, double trainingSeconds, double seconds) {

    /**
     * What was spent on a memory and its questions.
     *
     * @param start when it was begun, by {@link System#nanoTime}
     */
    public static Effort since(long start, Memory memory) {
        Manifest manifest = memory.manifest();
        return new Effort(
                manifest.tokens(),
                manifest.seconds().tasks(),
                manifest.seconds().training(),
                (System.nanoTime() - start) / 1e9);
    }
}
