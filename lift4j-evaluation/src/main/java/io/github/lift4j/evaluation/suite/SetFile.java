package io.github.lift4j.evaluation.suite;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evaluation.benchmark.BadLine;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.benchmark.BenchmarkReader;
import io.github.lift4j.evaluation.benchmark.BenchmarkTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A set's file in the data folder. Documents are known by their ids; of several with one id (QuALITY has an article once
 * for each writer's questions) the second is {@code id#2}.
 */
record SetFile(Path file) {

    static SetFile of(Path data, String set) {
        return new SetFile(data.resolve(set + ".jsonl"));
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** The task whose format the file has, as its name tells. */
    BenchmarkTask task() {
        try (BenchmarkReader reader = BenchmarkReader.open(file)) {
            return reader.task();
        }
    }

    /** Hears of documents one after another until one is not wanted; gives the lines that could not be read. */
    List<BadLine> read(Predicate<BenchmarkDocument> more) {
        Map<String, Integer> seen = new HashMap<>();
        try (BenchmarkReader reader = BenchmarkReader.open(file)) {
            boolean wanted = true;
            while (wanted && reader.hasNext()) {
                BenchmarkDocument document = reader.next();
                int times = seen.merge(document.id(), 1, Integer::sum);
                wanted = more.test(times == 1 ? document : renamed(document, times));
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

    private static BenchmarkDocument renamed(BenchmarkDocument document, int times) {
        return new BenchmarkDocument(
                document.id() + "#" + times, document.title(), document.text(), document.questions());
    }
}
