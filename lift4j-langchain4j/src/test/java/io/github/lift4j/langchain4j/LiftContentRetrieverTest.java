package io.github.lift4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiftContentRetrieverTest {

    private static final Query QUERY = Query.from("How many gulls did the crew count on day 7?");

    private static Lift lift;
    private static Memory memory;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        lift = TinyLift.open(TinyLift.copyTo(folder.resolve("model")));
        memory = TinyLift.absorb(lift, folder.resolve("gulls.memory"));
    }

    @AfterAll
    static void close() {
        lift.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bm25", "embedding"})
    void whatIsFoundStandsWhereItSays(String source) {
        try (LiftContentRetriever retriever = LiftContentRetriever.finding(memory, source, 3)) {
            List<Content> contents = retriever.retrieve(QUERY);
            assertThat(contents).hasSize(3).allSatisfy(content -> {
                TextSegment segment = content.textSegment();
                assertThat(segment.metadata().getString(LiftContentRetriever.EVIDENCE))
                        .isEqualTo(source);
                assertThat(segment.metadata().getString(LiftContentRetriever.TITLE))
                        .isEqualTo(memory.manifest().title());
                assertThat(memory.text()
                                .substring(
                                        at(segment, LiftContentRetriever.START), at(segment, LiftContentRetriever.END)))
                        .isEqualTo(segment.text());
            });
        }
    }

    @Test
    void theBestComesFirst() {
        try (LiftContentRetriever retriever = LiftContentRetriever.finding(memory, "bm25", 2)) {
            assertThat(retriever.retrieve(QUERY).getFirst().textSegment().text())
                    .contains("On day 7 ");
        }
    }

    private static int at(TextSegment segment, String key) {
        return Math.toIntExact(segment.metadata().getLong(key));
    }

    @Test
    void whatIsRecalledIsWhatTheLibraryRecalls() {
        List<String> recalled;
        try (Answerer answerer =
                lift.answerer(memory, Mode.parse("lift+evidence"), Window.full(1), Evidence.named("recall", ""))) {
            recalled = answerer.evidence(QUERY.text());
        }
        try (LiftContentRetriever retriever = LiftContentRetriever.recalling(lift, memory)) {
            List<Content> contents = retriever.retrieve(QUERY);
            assertThat(contents)
                    .isNotEmpty()
                    .extracting(content -> content.textSegment().text())
                    .isEqualTo(recalled.stream().filter(text -> !text.isBlank()).toList());
            assertThat(contents)
                    .extracting(content -> content.textSegment().metadata().getString(LiftContentRetriever.PART))
                    .isSubsetOf("passages", "reasoning")
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void whatCannotBeFoundInIsRefused() {
        assertThatThrownBy(() -> LiftContentRetriever.finding(memory, "hearsay", 3))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("embedding");
        assertThatThrownBy(() -> LiftContentRetriever.finding(memory, "recall", 3))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("bm25");
        assertThatThrownBy(() -> LiftContentRetriever.finding(memory, "bm25", 0))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("at least 1");
    }

    @Test
    void aClosedOneRefuses() {
        LiftContentRetriever retriever = LiftContentRetriever.finding(memory, "bm25", 1);
        retriever.close();
        retriever.close();
        assertThatThrownBy(() -> retriever.retrieve(QUERY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
