package io.github.lift4j.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.LiftException;
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
}
