package io.github.lift4j.evaluation.suite;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.benchmark.BadLine;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.benchmark.BenchmarkReader;
import io.github.lift4j.evaluation.benchmark.BenchmarkTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A set's file in the data folder: the one of its name, or the published one that its task is read from.
 *
 * @param file it may not be there
 */
record SetFile(Path file, BenchmarkTask task) {

    /**
     * Finds a set.
     *
     * @throws LiftException where its name tells no task
     */
    static SetFile of(Path data, String set) {
        Path file = data.resolve(set + ".jsonl");
        BenchmarkTask task = BenchmarkTask.ofFile(file)
                .orElseThrow(() -> new LiftException("'" + set + "' names no benchmark's file: use the name it was"
                        + " published under, such as loogle/longdep_qa."));
        return new SetFile(task.publishedFile(file), task);
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Hears of documents one after another until one is not wanted; gives the lines that could not be read. */
    List<BadLine> read(Predicate<BenchmarkDocument> more) {
        try (BenchmarkReader reader = BenchmarkReader.open(file, task)) {
            boolean wanted = true;
            while (wanted && reader.hasNext()) {
                wanted = more.test(reader.next());
            }
            return reader.badLines();
        }
    }

    /**
     * Finds a document.
     *
     * @throws LiftException where there is none of that id
     */
    BenchmarkDocument document(String id) {
        BenchmarkDocument[] found = new BenchmarkDocument[1];
        read(document -> {
            found[0] = document.id().equals(id) ? document : found[0];
            return !document.id().equals(id);
        });
        return Optional.ofNullable(found[0])
                .orElseThrow(() -> new LiftException("There is no document " + id + " in " + file
                        + " any more: put back the data that the run was planned on."));
    }
}
