package io.github.lift4j.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MetricTest {

    private static final List<Metric> ALL = List.of(
            new TokenF1(),
            new RougeL(),
            new Bleu(1),
            new Bleu(4),
            new Meteor(),
            new BertScore(MetricTest::letters),
            new EditSimilarity(),
            new CountScore(),
            new ClassificationScore(List.of("a", "b")),
            new ChoiceAccuracy(),
            new ExactAnswer(),
            new SpeakerAccuracy());

    @Property(tries = 300)
    void staysBetweenZeroAndOne(@ForAll String prediction, @ForAll String reference) {
        assertThat(ALL)
                .allSatisfy(metric ->
                        assertThat(metric.score(prediction, reference)).isBetween(0.0, 1.0));
        assertThat(Stream.of(1, 2, 5).map(RougeN::new))
                .allSatisfy(rouge ->
                        assertThat(rouge.compare(prediction, reference).f1()).isBetween(0.0, 1.0));
    }

    @Provide
    Arbitrary<List<Integer>> orders() {
        return Arbitraries.integers()
                .between(2, 9)
                .flatMap(n -> Arbitraries.shuffle(IntStream.range(0, n).boxed().toList()));
    }

    @Property(tries = 200)
    void givesNothingForTheReverseOrderAndAllForTheRightOne(@ForAll("orders") List<Integer> order) {
        assertThat(Concordance.of(order, order).score()).isEqualTo(1);
        assertThat(Concordance.of(order.reversed(), order).score()).isZero();
        assertThat(Concordance.of(order.stream().map(i -> i + 1).toList(), order)
                        .score())
                .isEqualTo(1);
        assertThat(Concordance.of(order, order.stream().map(i -> i + 1).toList())
                        .score())
                .isEqualTo(1);
        assertThat(TimelineDeviation.of(order, order)).isEqualTo(new TimelineDeviation(0, 0, 0, 0));
        assertThat(TimelineDeviation.of(order.reversed(), order).squared())
                .isCloseTo(TimelineDeviation.worst(order.size()).squared(), within(1e-9));
    }

    @Test
    void givesNothingForAnOrderOfTooFewThings() {
        Concordance partial = Concordance.of(List.of(2, 0), List.of(2, 0, 1));
        assertThat(partial.index()).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(partial.score()).isZero();
        assertThat(TimelineDeviation.of(List.of(1, 1, 2), List.of(1, 2, 3))).isEqualTo(TimelineDeviation.worst(3));
    }

    @Test
    void readsOrdersFromFreeText() {
        assertThat(AnswerOrder.parse("The order is [2] > [0] > [1].")).containsExactly(2, 0, 1);
        assertThat(AnswerOrder.parse("I cannot tell")).isEmpty();
        assertThat(AnswerOrder.parse("9".repeat(40))).containsExactly(Integer.MAX_VALUE);
    }

    @Test
    void takesTheBestOfSeveralReferences() {
        Metric f1 = new TokenF1();
        assertThat(f1.best("a red boat", List.of("the green house", "red boat")))
                .isEqualTo(1);
        assertThat(f1.best("a red boat", List.of())).isZero();
    }

    @Test
    void takesTheFirstLineWhereModelsGoOn() {
        Metric f1 = new TokenF1();
        assertThat(f1.ofFirstLine().score("\nred boat\nQuestion: and then?", "red boat"))
                .isEqualTo(1);
        assertThat(f1.score("\nred boat\nQuestion: and then?", "red boat")).isLessThan(1);
    }

    @Test
    void takesNoNumberOfAnotherParagraph() {
        RetrievalScore score = new RetrievalScore();
        assertThat(score.score("Paragraph 13", "Paragraph 3")).isZero();
        assertThatThrownBy(() -> score.score("3", "3"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("names no paragraph");
    }

    @Test
    void readsAClozeAsPythonOrJson() {
        Map<String, String> reference = Map.of("<mask-0>", "Ada Lund", "<mask-1>", "Oslo");
        assertThat(ClozeMatch.of(reference, "{'<mask-0>': \"Ada Lund\", '<mask-1>': 'the town of Oslo'}"))
                .isEqualTo(new ClozeMatch(1, 2, 2));
        assertThat(ClozeMatch.of(reference, "{\"<mask-0>\": \"Ada\"}")).isEqualTo(new ClozeMatch(0, 1, 2));
        assertThat(ClozeMatch.of(reference, "{'<mask-0>': 5}")).isEqualTo(new ClozeMatch(0, 0, 2));
        assertThat(ClozeMatch.of(reference, "['<mask-0>']")).isEqualTo(new ClozeMatch(0, 0, 2));
    }

    @Test
    void countsVerdictsOverASet() {
        Agreement agreement =
                Verdicts.compare(List.of("Yes.", "No.", "yes", "perhaps"), List.of(true, true, false, false));
        assertThat(agreement).isEqualTo(new Agreement(0.5, 0.5, 0.5));
        assertThatThrownBy(() -> Verdicts.compare(List.of("Yes."), List.of())).hasMessageContaining("1 answers");
    }

    /** A vector a letter: like only to the same letter, and a little to a vowel where it is one. */
    private static List<float[]> letters(String text) {
        return text.codePoints()
                .mapToObj(letter -> {
                    float[] vector = new float[128];
                    vector[letter % 127] = 1;
                    vector[127] = "aeiou".indexOf(letter) >= 0 ? 1 : 0;
                    return vector;
                })
                .toList();
    }

    @Test
    void comparesTextsByTheirTokensMeanings() {
        BertScore score = new BertScore(MetricTest::letters);
        Agreement agreement = score.compare("bad", "bet");
        // b is in both; a is like e by half; d and t are like none.
        assertThat(agreement.precision()).isCloseTo(1.5 / 3, within(1e-6));
        assertThat(agreement.recall()).isCloseTo(1.5 / 3, within(1e-6));
        Agreement longer = score.compare("b", "bet");
        assertThat(longer.precision()).isCloseTo(1, within(1e-6));
        assertThat(longer.recall()).isCloseTo(1.0 / 3, within(1e-6));
        assertThat(longer.f1()).isCloseTo(0.5, within(1e-6));
        assertThat(score.score("", "bet")).isZero();
        assertThat(score.score("bet", "bet")).isCloseTo(1, within(1e-6));
    }

    /** Words and their stems by NLTK's stemmer. */
    @Test
    void stemsAsNltkDoes() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/reference/stems.txt"));
        assertThat(lines).hasSizeGreaterThan(200).allSatisfy(line -> {
            String[] pair = line.split(" ");
            assertThat(PorterStemmer.stem(pair[0])).as(pair[0]).isEqualTo(pair[1]);
        });
    }
}
