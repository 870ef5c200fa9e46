package io.github.lift4j.evaluation.benchmark;

import java.util.List;

/**
 * One question of a benchmark.
 *
 * @param question complete in itself for a model that has absorbed the document, options and events included
 * @param gold the right answer
 * @param evidence the passages of the document that hold the answer, in the set's own words; empty where it has none
 * @param kind what a table groups by, such as LooGLE's {@code timeline_reorder}; the task's name where the set has no types
 * @param prompt the set's official prompt, for a model that has the document and nothing else in its window
 * @param passages of the document that are to be put into order, as shown; empty where that is not the question
 */
public record BenchmarkQuestion(
        String question, Gold gold, List<String> evidence, String kind, OfficialPrompt prompt, List<String> passages) {

    public BenchmarkQuestion {
        evidence = List.copyOf(evidence);
        passages = List.copyOf(passages);
    }

    /** The same about passages of the document that are to be put into order. */
    BenchmarkQuestion withPassages(List<String> shown) {
        return new BenchmarkQuestion(question, gold, evidence, kind, prompt, shown);
    }
}
