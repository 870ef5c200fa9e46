package io.github.lift4j.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lift4j.document.Passage;
import io.github.lift4j.evidence.EvidenceFinder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Bm25SourceTest {

    @Test
    void aPassageWithoutAWordOfTheQuestionIsNotFound() {
        try (EvidenceFinder finder = new Bm25Source().open(Texts.ISLAND)) {
            assertThat(Texts.of(finder.find("rye or lighthouses", 6)))
                    .containsExactlyInAnyOrder(Texts.BREAD, Texts.LIGHTHOUSE);
            assertThat(finder.find("zebra", 6)).isEmpty();
        }
    }

    @Test
    void rareWordsCountMost() {
        List<Passage> passages = Texts.passages("the ship sank", "the ship sailed", "the ship burned", "a whale sang");
        try (EvidenceFinder finder = new Bm25Source().open(passages)) {
            assertThat(Texts.of(finder.find("ship whale", 1))).containsExactly("a whale sang");
        }
    }

    @Test
    void operatorsAreWords() {
        List<Passage> passages = Texts.passages("salt", "pepper and not sugar");
        try (EvidenceFinder finder = new Bm25Source().open(passages)) {
            assertThat(Texts.of(finder.find("salt NOT pepper", 2))).containsExactly("pepper and not sugar", "salt");
            assertThat(Texts.of(finder.find("+salt -pepper", 2))).hasSize(2);
            assertThat(finder.find("sal*", 2)).isEmpty();
        }
    }

    @Test
    void ofTooManyWordsTheRarestAreKept() {
        String common = IntStream.range(0, 3000).mapToObj(i -> "common" + i).collect(Collectors.joining(" "));
        List<Passage> passages = Texts.passages(common, common, common + " needle");
        try (EvidenceFinder finder = new Bm25Source().open(passages)) {
            assertThat(finder.find(common + " needle", 1)).containsExactly(passages.get(2));
        }
    }

    @Test
    void anIndexOfManySegmentsKeepsTheOrderOfEqualPassages() {
        // More text than Lucene holds before it begins another segment.
        String filler = IntStream.range(0, 2000).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        List<Passage> passages = Texts.passages(IntStream.range(0, 3000)
                .mapToObj(i -> i % 1000 == 500 ? "needle" : filler)
                .toArray(String[]::new));
        try (EvidenceFinder finder = new Bm25Source().open(passages)) {
            assertThat(finder.find("needle", 5))
                    .containsExactly(passages.get(500), passages.get(1500), passages.get(2500));
        }
    }

    @Property(tries = 300)
    void anyTextIsAQuestion(@ForAll String question, @ForAll @IntRange(min = 1, max = 8) int most) {
        try (EvidenceFinder finder = new Bm25Source().open(Texts.ISLAND)) {
            List<Passage> found = finder.find(question + " lighthouse", most);
            assertThat(found).hasSizeBetween(1, most).doesNotHaveDuplicates().isSubsetOf(Texts.ISLAND);
            assertThat(finder.find(question + " lighthouse", 6)).contains(Texts.ISLAND.getFirst());
        }
    }
}
