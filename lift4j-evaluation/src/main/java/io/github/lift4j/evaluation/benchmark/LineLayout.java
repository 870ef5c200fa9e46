package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** How a line of a task's file is laid out. */
enum LineLayout {
    @JsonProperty("loogle")
    LOOGLE(LoogleLine::read),
    @JsonProperty("sorted_paragraphs")
    SORTED_PARAGRAPHS(BambooLine::sortedParagraphs),
    @JsonProperty("sorted_events")
    SORTED_EVENTS(BambooLine::sortedEvents),
    @JsonProperty("choice")
    CHOICE(BambooLine::choice),
    @JsonProperty("speaker")
    SPEAKER(BambooLine::speaker),
    @JsonProperty("hypothesis")
    HYPOTHESIS(BambooLine::hypothesis),
    @JsonProperty("number")
    NUMBER(BambooLine::number),
    @JsonProperty("longbench")
    LONGBENCH(LongBenchLine::read),
    @JsonProperty("quality")
    QUALITY(QualityLine::read),
    @JsonProperty("qmsum")
    QMSUM(QmsumLine::read),
    @JsonProperty("loogle_timeline")
    LOOGLE_TIMELINE(TimelineLine::read, true),
    @JsonProperty("quality_sorting")
    QUALITY_SORTING(StoryLine::read, true);

    private interface WholeReader {
        BenchmarkDocument read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine;
    }

    private interface LineReader {
        Optional<BenchmarkDocument> read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine;
    }

    private final LineReader reader;

    LineLayout(WholeReader reader) {
        this.reader = (task, id, line) -> Optional.of(reader.read(task, id, line));
    }

    /** Some lines of these have nothing for the task. */
    LineLayout(LineReader reader, boolean picks) {
        this.reader = reader;
    }

    /** Empty where the line is sound but has nothing for the task. */
    Optional<BenchmarkDocument> read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        return reader.read(task, id, line);
    }
}
