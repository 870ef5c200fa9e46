package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.document.Span;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class OrderingTaskTest {

    private static final List<String> SHOWN = List.of(
            "The ice broke.", "Aske wrote \"no\".\tThey stayed.\t", "It froze {again}.", "He left $1.", "Nobody came.");
    private static final List<Integer> ORDER = List.of(2, 0, 1, 4, 3);

    @Provide
    Arbitrary<List<Integer>> permutations() {
        return Arbitraries.integers()
                .between(2, 9)
                .flatMap(n -> Arbitraries.shuffle(IntStream.range(0, n).boxed().toList()));
    }

    @Property
    void theAnswerUndoesTheShuffle(@ForAll("permutations") List<Integer> permutation) {
        List<String> paragraphs = permutation.stream()
                .sorted()
                .map(i -> "Part " + (char) ('a' + i))
                .toList();
        OrderingTask task = OrderingTask.shuffled(paragraphs, permutation);
        List<String> shown = task.prompt()
                .lines()
                .filter(line -> line.contains("```"))
                .map(line -> line.substring(line.indexOf("```") + 3, line.length() - 3))
                .toList();
        assertThat(task.order().stream().map(shown::get)).containsExactlyElementsOf(paragraphs);
        assertThat(OrderingTask.inverse(OrderingTask.inverse(permutation))).isEqualTo(permutation);
    }

    @Property
    void itsOwnAnswersAreRight(@ForAll("permutations") List<Integer> order) {
        List<String> shown = order.stream().map(i -> "Part").toList();
        OrderingTask paragraphs = OrderingTask.paragraphs(shown, order);
        OrderingTask events = OrderingTask.events("Text", shown, order);
        assertThat(paragraphs.score(paragraphs.answer())).isEqualTo(1);
        assertThat(events.score(events.answer())).isEqualTo(1);
        assertThat(paragraphs.score(order.reversed().toString())).isZero();
    }

    @Property
    void aPredictionAndItsReverseShareThePairs(
            @ForAll("permutations") List<Integer> predicted, @ForAll("permutations") List<Integer> order) {
        double there = OrderingTask.concordance(predicted, order);
        double back = OrderingTask.concordance(predicted.reversed(), order);
        int common = Math.min(predicted.size(), order.size());
        double pairs = order.size() * (order.size() - 1) / 2.0;
        assertThat(there + back).isCloseTo(common * (common - 1) / 2.0 / pairs, within(1e-12));
    }

    @Test
    void asksInTheBenchmarksWords() throws IOException {
        assertThat(OrderingTask.paragraphs(SHOWN, ORDER).prompt()).isEqualTo(resource("showssort-prompt.txt"));
        assertThat(OrderingTask.events("A long {pieces} report.\nIt ends.", SHOWN, ORDER)
                        .prompt())
                .isEqualTo(resource("reportsumsort-prompt.txt"));
        assertThat(OrderingTask.paragraphs(SHOWN, ORDER).task(new Span(4, 9), "ordering"))
                .extracting(Task::answer, Task::span, Task::source)
                .containsExactly("[2] > [0] > [1] > [4] > [3]", new Span(4, 9), "ordering");
        assertThat(OrderingTask.events("Text", SHOWN, ORDER).answer()).isEqualTo("[3] > [1] > [2] > [5] > [4]");
    }

    @Test
    void agreesWithTheBenchmarksScript() throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> cases = resource("bamboo-sorting.jsonl").lines().toList();
        assertThat(cases).hasSize(20);
        for (String line : cases) {
            JsonNode node = json.readTree(line);
            List<Integer> predicted = integers(node.get("predicted"));
            List<Integer> answer = integers(node.get("answer"));
            double expected = node.get("concordance_index").asDouble();
            assertThat(OrderingTask.concordance(predicted, answer)).as(line).isCloseTo(expected, within(1e-6));
            boolean mismatch = node.get("length_mismatch").asBoolean();
            assertThat(OrderingTask.paragraphs(answer.stream().map(i -> "x").toList(), answer)
                            .score("Sure: " + predicted))
                    .as(line)
                    .isCloseTo(mismatch ? 0 : expected, within(1e-6));
        }
    }

    @Test
    void readsOrdersFromFreeText() {
        for (String text : List.of(
                "[2] > [0] > [1]",
                "[2, 0, 1]",
                "2, 0, 1",
                "[3] > [1] > [2]",
                "The original order of the 3 paragraphs is: [2] > [0] > [1].",
                "3 paragraphs: [2] > [0] > [1]",
                "[2] comes first, then [0], and [1] ends it, 99999999999 times",
                "2 then 0 then 1")) {
            assertThat(OrderingTask.parse(text, 3)).as(text).contains(List.of(2, 0, 1));
        }
        assertThat(OrderingTask.parse("[2] > [2] > [0]", 3)).contains(List.of(2, 2, 0));
        for (String text : List.of("", "I do not know.", "[2] > [0]", "[0] > [1] > [2] > [3]", "99999999999 0 1")) {
            assertThat(OrderingTask.parse(text, 3)).as(text).isEmpty();
        }
        assertThat(OrderingTask.paragraphs(List.of("a", "b"), List.of(1, 0)).score("No idea."))
                .isZero();
    }

    @Test
    void refusesWhatIsNoOrder() {
        assertThatThrownBy(() -> OrderingTask.paragraphs(SHOWN, List.of(0, 0, 1, 2, 3)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OrderingTask.paragraphs(SHOWN, List.of(1, 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OrderingTask.shuffled(SHOWN, List.of(1, 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OrderingTask.paragraphs(List.of("a"), List.of(0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Integer> integers(JsonNode list) {
        List<Integer> integers = new ArrayList<>();
        list.forEach(node -> integers.add(node.asInt()));
        return integers;
    }

    private static String resource(String name) throws IOException {
        try (InputStream stream = OrderingTaskTest.class.getResourceAsStream("/task/" + name)) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
