package io.github.lift4j.evaluation.suite;

import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import java.util.List;
import java.util.OptionalDouble;

/** Who is asked about a document: a model that runs here ({@link Asking}) or a closed one ({@link ClosedAsking}). */
interface Respondent {

    /**
     * What came of a question.
     *
     * @param nll of the right answer, in nats a token; empty where nobody tells
     * @param evidence the passages that stood in the window; empty where the mode has none
     */
    record Reply(String answer, OptionalDouble nll, List<String> evidence) {}

    /** The replies to a document's questions, in their order. */
    List<Reply> each(List<BenchmarkQuestion> questions, Way way);
}
