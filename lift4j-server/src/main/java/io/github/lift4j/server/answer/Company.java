package io.github.lift4j.server.answer;

import io.github.lift4j.engine.generation.ContinuousBatch;
import java.util.List;
import java.util.Optional;

/** Where questions are answered side by side. */
interface Company {

    /**
     * Has a question's answer written, from the next step on.
     *
     * @return what is written; empty where it has to wait, which only those under way can make it do
     * @throws io.github.lift4j.engine.LiftException where it cannot be answered
     * @throws java.util.concurrent.CancellationException where the thread was interrupted
     */
    Optional<ContinuousBatch.Text> admit(Question<?> question);

    /** Writes a token of each answer. @return those that ended */
    List<ContinuousBatch.Text> step();
}
