package io.github.lift4j.evaluation.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The sets as they were published, where {@code -Dlift4j.data=DIR} names a folder with {@code loogle/} and {@code bamboo/}.
 */
@EnabledIfSystemProperty(named = "lift4j.data", matches = ".+")
class PublishedBenchmarksTest {

    @Test
    void readEntirelyButForTheOneBrokenLine() throws IOException {
        List<BadLine> bad = new ArrayList<>();
        for (Path file : files()) {
            try (BenchmarkReader reader = BenchmarkReader.open(file)) {
                assertThat(BenchmarkReaderTest.ids(reader)).isNotEmpty();
                bad.addAll(reader.badLines());
            }
        }
        assertThat(bad).hasSize(1);
        assertThat(bad.getFirst().file()).hasFileName("paperqa_16k.jsonl");
        assertThat(bad.getFirst().line()).isEqualTo(26);
    }

    @Test
    void haveQuestionsOfTheTypesThatThePaperTabulates() throws IOException {
        Set<String> kinds = new HashSet<>();
        int questions = 0;
        for (Path file : files()) {
            try (BenchmarkReader reader = BenchmarkReader.open(file)) {
                while (reader.hasNext()) {
                    BenchmarkDocument document = reader.next();
                    assertThat(document.text()).isNotBlank();
                    assertThat(document.questions()).isNotEmpty().allSatisfy(question -> {
                        assertThat(question.question()).isNotBlank();
                        assertThat(question.gold().text()).isNotBlank();
                        kinds.add(question.kind());
                    });
                    questions += document.questions().size();
                }
            }
        }
        assertThat(kinds)
                .contains(
                        "comprehension_and_reasoning",
                        "multiple_information_retrieval",
                        "computation",
                        "timeline_reorder",
                        "showssort",
                        "reportsumsort");
        assertThat(questions).isGreaterThan(900);
    }

    @Test
    void giveTimelinesAndMeetings() {
        Path data = Path.of(System.getProperty("lift4j.data"));
        try (BenchmarkReader timelines = BenchmarkReader.open(data.resolve("loogle/loogle_timeline.jsonl"));
                BenchmarkReader meetings = BenchmarkReader.open(data.resolve("qmsum/test.jsonl"))) {
            assertThat(BenchmarkReaderTest.ids(timelines)).isNotEmpty();
            assertThat(timelines.badLines()).isEmpty();
            assertThat(BenchmarkReaderTest.ids(meetings)).hasSizeGreaterThan(10);
            assertThat(meetings.badLines()).isEmpty();
        }
    }

    private static List<Path> files() throws IOException {
        try (var files = Files.walk(Path.of(System.getProperty("lift4j.data")))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .filter(file -> Set.of("loogle", "bamboo")
                            .contains(file.getParent().getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }
}
