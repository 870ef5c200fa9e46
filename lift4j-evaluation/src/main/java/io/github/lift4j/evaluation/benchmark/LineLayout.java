package io.github.lift4j.evaluation.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

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
    QUALITY(QualityLine::read);

    private interface LineReader {
        BenchmarkDocument read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine;
    }

    private final LineReader reader;

    LineLayout(LineReader reader) {
        this.reader = reader;
    }

    BenchmarkDocument read(BenchmarkTask task, String id, JsonNode line) throws UnreadableLine {
        return reader.read(task, id, line);
    }
}
