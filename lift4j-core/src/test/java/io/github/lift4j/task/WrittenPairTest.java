package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WrittenPairTest {

    /** Forms in which models answer, whatever they were asked for. */
    private enum Form {
        LINES(pairs -> joined(pairs, i -> "Q: " + question(pairs, i) + "\nA: " + answer(pairs, i), "\n")),
        NUMBERED(pairs -> "Here are the questions you asked for:\n\n"
                + joined(
                        pairs,
                        i -> "Q" + (i + 1) + ". " + question(pairs, i) + "\nA" + (i + 1) + ". " + answer(pairs, i),
                        "\n\n")),
        BOLD(pairs -> joined(
                pairs,
                i -> (i + 1) + ". **Question:** " + question(pairs, i) + "\n   **Answer:** " + answer(pairs, i),
                "\n\n")),
        ONE_LINE(pairs -> joined(pairs, i -> "- Q: " + question(pairs, i) + " A: " + answer(pairs, i), "\n")),
        BARE(pairs -> joined(pairs, i -> (i + 1) + ") " + question(pairs, i) + "\n" + answer(pairs, i), "\n\n")),
        HEADINGS(pairs -> joined(
                pairs,
                i -> "### Question " + (i + 1) + ":\n" + question(pairs, i) + "\n### Answer:\n" + answer(pairs, i),
                "\n\n")),
        JSON(pairs -> "{\"pairs\": [" + joined(pairs, i -> json(pairs, i), ", ") + "]}"),
        FENCED(pairs ->
                "Sure! [As you wish]\n```json\n[\n" + joined(pairs, i -> json(pairs, i), ",\n") + ",\n]\n```\nDone."),
        FLAT(pairs -> "{"
                + joined(
                        pairs,
                        i -> "\"Q" + (i + 1) + "\": \"" + question(pairs, i) + "\", \"A" + (i + 1) + "\": \""
                                + answer(pairs, i) + "\"",
                        ", ")
                + "}");

        private final Function<List<WrittenPair>, String> writing;

        Form(Function<List<WrittenPair>, String> writing) {
            this.writing = writing;
        }

        private static String joined(List<WrittenPair> pairs, Function<Integer, String> pair, String between) {
            return IntStream.range(0, pairs.size()).boxed().map(pair).collect(Collectors.joining(between));
        }

        private static String question(List<WrittenPair> pairs, int i) {
            return pairs.get(i).question();
        }

        private static String answer(List<WrittenPair> pairs, int i) {
            return pairs.get(i).answer();
        }

        private static String json(List<WrittenPair> pairs, int i) {
            return "{\"question\": \"" + question(pairs, i) + "\", \"answer\": \"" + answer(pairs, i) + "\"}";
        }
    }

    @Property
    void pairsAreReadBackFromEveryForm(@ForAll("pairs") List<WrittenPair> pairs, @ForAll Form form) {
        assertThat(WrittenPair.in(form.writing.apply(pairs))).isEqualTo(pairs);
    }

    @Property
    void whatIsWholeOfCutOffJsonIsTaken(@ForAll("pairs") List<WrittenPair> pairs, @ForAll("share") double share) {
        String json = Form.JSON.writing.apply(pairs);
        List<WrittenPair> found = WrittenPair.in(json.substring(0, (int) (share * json.length())));
        assertThat(found).isEqualTo(pairs.subList(0, found.size()));
        assertThat(found.size()).isGreaterThanOrEqualTo((int) Math.floor(share * pairs.size()) - 1);
    }

    @Property(tries = 2000)
    void anythingIsRead(@ForAll("anything") String text) {
        assertThat(WrittenPair.in(text)).allSatisfy(pair -> {
            assertThat(pair.question()).isNotBlank().doesNotContain("\n");
            assertThat(pair.answer()).isNotBlank().doesNotContain("\n");
        });
    }

    @Example
    void whatIsNoPairIsPassedOver() {
        assertThat(WrittenPair.in("")).isEmpty();
        assertThat(WrittenPair.in("I cannot do that.")).isEmpty();
        assertThat(WrittenPair.in("1. Who built it?\n2. When was it built?\n3. Why?"))
                .isEmpty();
        assertThat(WrittenPair.in("Q: Who built it?\nA:\n\nQ: When?\nA: In 1871"))
                .containsExactly(new WrittenPair("When?", "In 1871"));
        assertThat(WrittenPair.in("Q: Who built it?\nA: \"Clara Winslow\"\nI hope this helps."))
                .containsExactly(new WrittenPair("Who built it?", "Clara Winslow"));
        assertThat(WrittenPair.in("Q: Who was A. Winslow?\nA: A keeper"))
                .containsExactly(new WrittenPair("Who was A. Winslow?", "A keeper"));
        assertThat(WrittenPair.in("问题：谁建了灯塔？\nQ：谁建了灯塔？\nA：克拉拉")).containsExactly(new WrittenPair("谁建了灯塔？", "克拉拉"));
    }

    @Provide
    Arbitrary<List<WrittenPair>> pairs() {
        Arbitrary<String> word = Arbitraries.strings()
                .withCharRange('b', 'z')
                .withChars("éß7京")
                .ofMinLength(2)
                .ofMaxLength(7)
                .filter(text -> !List.of("ans", "question", "answer").contains(text));
        Arbitrary<String> words = word.list().ofMinSize(1).ofMaxSize(6).map(list -> String.join(" ", list));
        return Combinators.combine(words, words)
                .as((asked, said) -> new WrittenPair("Who " + asked + "?", "The " + said))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<Double> share() {
        return Arbitraries.doubles().between(0, 1);
    }

    @Provide
    Arbitrary<String> anything() {
        Arbitrary<String> bit = Arbitraries.of(
                "Q:",
                "A:",
                "Q1.",
                "**",
                "\n",
                "\n\n",
                " ",
                "?",
                "1. ",
                "- ",
                "{",
                "}",
                "[",
                "]",
                "\"question\":",
                "\"answer\":",
                "\"",
                ",",
                "who",
                "Answer",
                "Question",
                ":",
                "\\",
                "京",
                "\uD83D",
                "\t",
                "```json");
        return Arbitraries.oneOf(Arbitraries.strings(), bit.list().ofMaxSize(40).map(bits -> String.join("", bits)));
    }
}
