package io.github.lift4j.task;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** A way of making a task from one place of a document. Stateless. */
sealed interface Rule permits Cloze, Completion, Next, Ordering, Choice, Find {

    /**
     * Makes a task from a sentence (and its neighbours), or none where it is too short for one or does not decide the
     * answer.
     *
     * @param sentence index into the material's sentences
     */
    Optional<Task> at(int sentence, Material material, RandomGenerator random);
}
