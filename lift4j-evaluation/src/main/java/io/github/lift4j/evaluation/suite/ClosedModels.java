package io.github.lift4j.evaluation.suite;

import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.result.Unit;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.prompt.Frame;
import java.nio.file.Path;

/** Models of providers, which absorb through a fine-tuning API: the seam to whoever speaks with providers. */
@FunctionalInterface
public interface ClosedModels {

    /** Nobody speaks with providers. */
    ClosedModels NONE = lesson -> {
        throw new LiftException(lesson.unit().model() + " is a closed model, and there is nobody to speak with its"
                + " provider: run the suite with lift bench run.");
    };

    /**
     * A document that a closed model is to be asked about.
     *
     * @param unit names the model, its {@linkplain Unit#provider provider} and the recipe
     * @param folder the same for the same document, model and recipe, for all that is paid for; it may not be there yet
     */
    record Lesson(Unit.Reading unit, BenchmarkDocument document, Path folder) {}

    /** A model that can be asked about one document. Answers are the likeliest, and as long as the unit allows. */
    interface Pupil extends AutoCloseable {

        /**
         * Answers by the project's wording.
         *
         * @param evidence as {@link Evidence#named} gives it; not closed
         */
        Answer ask(String question, Mode mode, Evidence evidence);

        /** Answers by someone else's words around the document. */
        Answer ask(String question, Mode mode, Frame frame);

        @Override
        void close();
    }

    /**
     * The model, after it has absorbed the document where the unit has a recipe. What was begun in the lesson's folder is
     * gone on with, and nothing is paid for twice.
     *
     * @return the caller closes it
     * @throws LiftException where the provider fails, or the thread was interrupted, whose flag is then set
     */
    Pupil teach(Lesson lesson);
}
