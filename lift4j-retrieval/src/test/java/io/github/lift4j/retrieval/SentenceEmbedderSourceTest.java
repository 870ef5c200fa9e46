package io.github.lift4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.TextEmbedder;
import io.github.lift4j.evidence.TextEmbedderSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class SentenceEmbedderSourceTest {

    @Test
    void textsOfOneMeaningAreNear() {
        TextEmbedderSource source = TextEmbedderSource.found().orElseThrow();
        assertThat(source.name()).isEqualTo("e5-small-v2");
        try (TextEmbedder embedder = source.open()) {
            TextEmbedder.Embedding question = embedder.embed("query: Who erected the lighthouse?");
            TextEmbedder.Embedding near = embedder.embed("passage: " + Texts.LIGHTHOUSE);
            TextEmbedder.Embedding far = embedder.embed("passage: " + Texts.BREAD);
            for (TextEmbedder.Embedding each : List.of(question, near, far)) {
                assertThat(each.vector()).hasSize(source.dimensions());
                assertThat(cosine(each, each)).isCloseTo(1, within(1e-5));
                assertThat(each.tokens()).isBetween(4, 60);
            }
            assertThat(cosine(question, near)).isGreaterThan(cosine(question, far) + 0.02);
            assertThat(embedder.embed("query: Who erected the lighthouse?").vector())
                    .isEqualTo(question.vector());
        }
    }

    @Test
    void whatCannotBeReadAtOnceIsRefused() {
        try (TextEmbedder embedder = TextEmbedderSource.found().orElseThrow().open()) {
            assertThat(embedder.embed("word ".repeat(510)).tokens()).isEqualTo(510);
            assertThatThrownBy(() -> embedder.embed("word ".repeat(511)))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("511 tokens")
                    .hasMessageEndingWith("split it.");
            for (String empty : List.of("", " \n")) {
                assertThatThrownBy(() -> embedder.embed(empty))
                        .isInstanceOf(LiftException.class)
                        .hasMessageContaining("give it words");
            }
        }
    }

    private static double cosine(TextEmbedder.Embedding a, TextEmbedder.Embedding b) {
        double sum = 0;
        for (int i = 0; i < a.vector().length; i++) {
            sum += (double) a.vector()[i] * b.vector()[i];
        }
        return sum;
    }
}
