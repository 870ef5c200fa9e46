package io.github.lift4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.document.Passage;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.EvidenceFinder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddingSourceTest {

    @Test
    void meaningIsFoundWithoutASharedWord() {
        List<Passage> passages = Texts.passages(
                "Visitors pay the guide in advance.",
                "Her physician prescribed rest.",
                "What did people wear?",
                "The cat chased a mouse.");
        try (EvidenceFinder finder = new EmbeddingSource().open(passages)) {
            assertThat(finder.find("Which advice came from a doctor?", 1)).containsExactly(passages.get(1));
        }
    }

    @Test
    void aPassageCountsByItsNearestSentence() {
        String buried = "The weather was mild. " + Texts.BREAD + " Trains ran late that year. "
                + "Her physician prescribed rest. The garden is full of roses.";
        List<Passage> passages = Texts.passages("Doctors wear white coats in most hospitals.", buried, Texts.PENGUINS);
        try (EvidenceFinder finder = new EmbeddingSource().open(passages)) {
            assertThat(finder.find("What did her doctor tell her to do?", 1)).containsExactly(passages.get(1));
        }
    }

    @Test
    void theEndOfATextLongerThanTheModelReadsCountsToo() {
        try (SentenceModel model = SentenceModel.open()) {
            String filler = "barley rye wheat oats ".repeat(150);
            float[] question = model.ofQuestion("Who erected the lighthouse?").getFirst();
            List<float[]> plain = model.ofEvidence(filler);
            List<float[]> withEvidence = model.ofEvidence(filler + Texts.LIGHTHOUSE);
            assertThat(plain).hasSizeGreaterThan(1);
            assertThat(dot(question, withEvidence.getLast())).isGreaterThan(dot(question, plain.getLast()) + 0.02);
        }
    }

    @Test
    void vectorsHaveLengthOneAndDoNotDependOnWhatRunsBesideThem() {
        try (SentenceModel model = SentenceModel.open()) {
            float[] alone = model.ofEvidence(Texts.LIGHTHOUSE).getFirst();
            assertThat(dot(alone, alone)).isCloseTo(1, within(1e-5));
            assertThat(IntStream.range(0, 64)
                            .parallel()
                            .mapToObj(i -> model.ofEvidence(i % 2 == 0 ? Texts.LIGHTHOUSE : Texts.BREAD.repeat(i))
                                    .getFirst()))
                    .filteredOn(vector -> dot(vector, alone) > 0.9999)
                    .hasSize(32)
                    .allSatisfy(vector -> assertThat(vector).containsExactly(alone));
            assertThat(model.ofQuestion(Texts.LIGHTHOUSE).getFirst()).isNotEqualTo(alone);
        }
    }

    @Test
    void aTextWithoutATokenHasAVectorAll() {
        try (SentenceModel model = SentenceModel.open()) {
            assertThat(model.ofQuestion("").getFirst()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void aClosedModelRefusesWork() {
        SentenceModel model = SentenceModel.open();
        model.close();
        assertThatThrownBy(() -> model.ofQuestion("Who?"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("closed");
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }
}
