package io.github.lift4j.evaluation.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoringTest {

    @TempDir
    private static Path data;

    @BeforeAll
    static void write() throws Exception {
        SmallData.write(data);
    }

    /** The gold order is [1] > [0] > [2]. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1] > [0] > [2]                                                             | 1",
                "At 9 we left [1] ... at 10. By 11 [0] ... it rained. We slept [2] ... well. [1] > [0] > [2] | 1",
                "[2] > [0] > [1]                                                             | 0",
                "[0] > [1]                                                                   | 0",
                "They come in no order.                                                      | 0"
            })
    void anOrderIsReadOutOfAnAnswerThatSaysMore(String answer, double score) {
        SetFile file = SetFile.of(data, "bamboo/showssort_4k");
        BenchmarkQuestion question = file.document("showssort_4k:1").questions().getFirst();
        assertThat(Scoring.of(file.task(), question, answer)).containsEntry("concordance", score);
    }
}
