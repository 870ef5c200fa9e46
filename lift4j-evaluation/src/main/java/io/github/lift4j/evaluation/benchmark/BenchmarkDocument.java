package io.github.lift4j.evaluation.benchmark;

import java.util.List;

/**
 * A document of a benchmark with all that is asked about it.
 *
 * @param id the file's name and the line in it, such as {@code shortdep_qa:3}, or the set's own id
 * @param title as the set gives it; the id where it gives none
 * @param text what is to be absorbed
 * @param questions at least one
 */
public record BenchmarkDocument(String id, String title, String text, List<BenchmarkQuestion> questions) {

    public BenchmarkDocument {
        questions = List.copyOf(questions);
    }
}
