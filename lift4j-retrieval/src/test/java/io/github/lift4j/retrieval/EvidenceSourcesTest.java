package io.github.lift4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.document.Passage;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.EvidenceFinder;
import io.github.lift4j.evidence.EvidenceSource;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every way of finding evidence promises. */
class EvidenceSourcesTest {

    static Stream<EvidenceSource> installed() {
        return ServiceLoader.load(EvidenceSource.class).stream().map(ServiceLoader.Provider::get);
    }

    @Test
    void bothAreFound() {
        assertThat(installed().map(EvidenceSource::name)).containsExactlyInAnyOrder("bm25", "embedding");
    }

    @ParameterizedTest
    @MethodSource("installed")
    void theBestPassageComesFirst(EvidenceSource source) {
        try (EvidenceFinder finder = source.open(Texts.ISLAND)) {
            assertThat(finder.find("Who erected the lighthouse?", 2).getFirst()).isEqualTo(Texts.ISLAND.get(0));
            assertThat(finder.find("Where do the penguins nest?", 2).getFirst()).isEqualTo(Texts.ISLAND.get(1));
            assertThat(finder.find("What does the baker mix?", 2).getFirst()).isEqualTo(Texts.ISLAND.get(2));
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void aBetterMatchComesBeforeAWorseOneWhereverItStands(EvidenceSource source) {
        String worse = "The harbour of the island is closed in winter.";
        String better = "The harbour of the island was built by Danish sailors.";
        for (List<Passage> passages :
                List.of(Texts.passages(Texts.BREAD, worse, better), Texts.passages(better, worse, Texts.BREAD))) {
            try (EvidenceFinder finder = source.open(passages)) {
                assertThat(Texts.of(finder.find("Which sailors built the harbour?", 2)))
                        .containsExactly(better, worse);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void noMoreAreFoundThanAskedFor(EvidenceSource source) {
        List<Passage> passages =
                Texts.passages("The first bird.", "The second bird.", "The third bird.", "The fourth bird.");
        try (EvidenceFinder finder = source.open(passages)) {
            for (int most = 1; most <= 4; most++) {
                assertThat(finder.find("Which bird?", most)).hasSize(most).doesNotHaveDuplicates();
            }
            assertThat(finder.find("Which bird?", Integer.MAX_VALUE)).hasSize(4);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> finder.find("Which bird?", 0))
                    .withMessageContaining("not 0");
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void equalPassagesAreFoundInTheirOrder(EvidenceSource source) {
        List<Passage> passages = Texts.passages(
                Texts.BREAD, Texts.LIGHTHOUSE, Texts.PENGUINS, Texts.LIGHTHOUSE, Texts.BREAD, Texts.LIGHTHOUSE);
        try (EvidenceFinder finder = source.open(passages)) {
            assertThat(finder.find("Who erected the lighthouse?", 3))
                    .containsExactly(passages.get(1), passages.get(3), passages.get(5));
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void theSameQuestionFindsTheSame(EvidenceSource source) {
        List<Passage> passages = new ArrayList<>();
        IntStream.range(0, 40).forEach(i -> passages.addAll(Texts.ISLAND.subList(0, 3)));
        String question = "Who counted the birds on the cliffs by the lighthouse?";
        try (EvidenceFinder first = source.open(passages);
                EvidenceFinder second = source.open(List.copyOf(passages))) {
            List<Passage> found = first.find(question, 100);
            first.find("How long do loaves keep?", 3);
            assertThat(first.find(question, 100)).isEqualTo(found);
            assertThat(second.find(question, 100)).isEqualTo(found).hasSize(100);
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void otherAlphabetsAreFound(EvidenceSource source) {
        try (EvidenceFinder finder = source.open(Texts.ISLAND)) {
            assertThat(Texts.of(finder.find("Πού στέκεται ο φάρος;", 1))).containsExactly(Texts.GREEK);
            assertThat(Texts.of(finder.find("Где живёт медведь?", 1))).containsExactly(Texts.RUSSIAN);
            assertThat(Texts.of(finder.find("企鹅住在哪里？", 1))).containsExactly(Texts.CHINESE);
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void specialCharactersAreNoSyntax(EvidenceSource source) {
        try (EvidenceFinder finder = source.open(Texts.ISLAND)) {
            for (String question : List.of(
                    "lighthouse: who erected it? (Marta || \"",
                    "+text:lighthouse -(erected* [Marta TO",
                    "lighthouse\\",
                    "/lighthouse erected{1,3}^2~ && !",
                    "[CLS] lighthouse <script> \u0000 \uD83D\uDC27 \uD83D erected %s $1")) {
                assertThat(Texts.of(finder.find(question, 1))).as(question).containsExactly(Texts.LIGHTHOUSE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void whereThereIsNothingNothingIsFound(EvidenceSource source) {
        try (EvidenceFinder none = source.open(List.of());
                EvidenceFinder some = source.open(Texts.ISLAND)) {
            assertThat(none.find("Who erected the lighthouse?", 3)).isEmpty();
            assertThat(some.find("", 3)).isEmpty();
            assertThat(some.find(" \n\t", 3)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void laterChangesOfTheListDoNotMatter(EvidenceSource source) {
        List<Passage> passages = new ArrayList<>(Texts.ISLAND);
        try (EvidenceFinder finder = source.open(passages)) {
            passages.clear();
            assertThat(Texts.of(finder.find("Who erected the lighthouse?", 1))).containsExactly(Texts.LIGHTHOUSE);
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void closingTwiceIsClosingOnce(EvidenceSource source) {
        EvidenceFinder finder = source.open(Texts.ISLAND);
        try (EvidenceFinder other = source.open(Texts.ISLAND)) {
            finder.close();
            finder.close();
            assertThatThrownBy(() -> finder.find("Who erected the lighthouse?", 1))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("closed");
            assertThat(other.find("Who erected the lighthouse?", 1)).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("installed")
    void anInterruptStopsThePreparation(EvidenceSource source) {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> source.open(Texts.ISLAND))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }
}
