package io.github.lift4j.evaluation.suite;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A few documents in the benchmarks' official formats, small enough for a tiny model. */
final class SmallData {

    private SmallData() {}

    /** Writes a data folder with two documents of LooGLE, three of BAMBOO and a haystack. */
    static Path write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("loogle"));
        Files.writeString(
                folder.resolve("loogle/longdep_qa.jsonl"), loogle("gulls", 37) + "no JSON\n" + loogle("seals", 41));
        Files.createDirectories(folder.resolve("bamboo"));
        Files.writeString(
                folder.resolve("bamboo/showssort_4k.jsonl"),
                IntStream.range(0, 3).mapToObj(SmallData::bamboo).collect(Collectors.joining()));
        Files.createDirectories(folder.resolve("niah/PaulGrahamEssays"));
        Files.writeString(folder.resolve("niah/PaulGrahamEssays/essay.txt"), log("essays", 53));
        return folder;
    }

    private static String log(String animals, int step) {
        return IntStream.range(0, 30)
                .mapToObj(day -> "On day " + day + " the crew counted " + day * step % 101 + " " + animals + ". ")
                .collect(Collectors.joining());
    }

    private static String loogle(String animals, int step) {
        return line(Map.of(
                "input",
                log(animals, step),
                "title",
                "Log of " + animals,
                "qa_pairs",
                "[{'Q': 'How many " + animals + " on day 3?', 'A': '" + 3 * step % 101 + " " + animals
                        + "', 'S': ['On day 3"
                        + " the crew counted " + 3 * step % 101 + " " + animals + ".'], 'type': 'computation'}, {'Q':"
                        + " 'Order:\\n1. day 9\\n2. day 2', 'A': '2,1', 'S': [], 'type': 'timeline_reorder'}]",
                "output",
                "none"));
    }

    private static String bamboo(int number) {
        return line(Map.of(
                "content",
                List.of("Then it rained on " + number + ".", "At first it was dry.", "In the end it snowed."),
                "answer",
                List.of(1, 0, 2)));
    }

    private static String line(Map<String, ?> object) {
        try {
            return new ObjectMapper().writeValueAsString(object) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
