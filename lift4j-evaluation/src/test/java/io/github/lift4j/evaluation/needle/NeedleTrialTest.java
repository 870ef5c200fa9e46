package io.github.lift4j.evaluation.needle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.needle.Haystack.Stack;
import io.github.lift4j.evaluation.result.Finding;
import io.github.lift4j.evaluation.result.Result;
import io.github.lift4j.evaluation.result.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeedleTrialTest {

    /** As in the published essays: a line end within a sentence, no space between paragraphs, and more than ASCII. */
    private static final Haystack HAY = new Haystack(
            "essays",
            IntStream.range(0, 60)
                    .mapToObj(i -> "Essay " + i + " costs 3.14 francs in a café.Most of what\npeople call “work” is "
                            + (i * 7) + " times dull.  ")
                    .collect(Collectors.joining()));

    private static Lift lift;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        lift = TinyLift.open();
    }

    @AfterAll
    static void close() {
        lift.close();
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "200, 0.5", "200, 1", "201, 0.33", "202, 1", "203, 0.9", "1999, 0.1", "9001, 0.75", "9002, 1"
    })
    void aStackHasExactlyTheTokensAskedFor(int tokens, double depth) {
        Tokenizer tokenizer = lift.model().tokenizer();
        Needle needle = Needle.named("vault-code");
        Stack stack = HAY.hide(needle, tokens, depth, tokenizer);

        assertThat(tokenizer.encode(stack.text())).hasSize(tokens);
        assertThat(stack.text()).containsOnlyOnce(needle.fact());
        assertThat(stack.depth()).isCloseTo(depth, within(60.0 / tokens));
        String before = stack.text().substring(0, stack.text().indexOf(needle.fact()) - 1);
        if (depth > 0 && depth < 1) {
            assertThat(before).matches("(?s).*[é\\p{L}]\\.$");
            assertThat(HAY.text().repeat(10)).contains(before);
        }
    }

    @Test
    void refusesWhatCannotBeHidden() {
        Tokenizer tokenizer = lift.model().tokenizer();
        Needle needle = Needle.all().getFirst();
        assertThatThrownBy(() -> HAY.hide(needle, 5, 0.5, tokenizer))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("does not fit");
        assertThatThrownBy(() -> HAY.hide(needle, 500, 50, tokenizer))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("from 0 to 1");
        assertThatThrownBy(() -> Needle.named("pin"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("dolores-park");
        assertThatThrownBy(() -> Haystack.open(folder.resolve("nowhere")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> Haystack.open(folder)).isInstanceOf(LiftException.class);
    }

    @Test
    void readsAFolderOfTexts() throws IOException {
        Files.writeString(folder.resolve("b.txt"), "Second.\r\n");
        Files.writeString(folder.resolve("a.txt"), "First.");
        Files.writeString(folder.resolve("notes.md"), "No hay.");
        assertThat(Haystack.open(folder).text()).isEqualTo("First.Second.\n");
    }

    @Test
    void everyNeedleIsRecalledByItsOwnAnswerAndByNoOther() {
        assertThat(Needle.all()).hasSizeGreaterThan(3).allSatisfy(needle -> {
            assertThat(needle.recalledIn(needle.answer())).isTrue();
            assertThat(needle.recalledIn(needle.fact())).isTrue();
            assertThat(needle.questions()).hasSizeGreaterThan(1).noneMatch(needle::recalledIn);
            assertThat(Needle.all().stream().filter(other -> other.recalledIn(needle.answer())))
                    .containsExactly(needle);
        });
        assertThat(Needle.named("vault-code").recalledIn("It is 17391.")).isFalse();
        assertThat(Needle.named("soup-herb").recalledIn("LOVAGE!")).isTrue();
    }

    @Test
    void asksInEveryModeAndWording() {
        List<String> modes = List.of("icl", "lift", "lift+icl");
        Unit.Haystack unit =
                new Unit.Haystack("tiny", "tiny", 400, 0.5, "vault-code", Optional.of(TinyLift.RECIPE), 5, modes);
        Result result = new NeedleTrial(lift, HAY).of(unit, folder);

        assertThat(result.unit()).isEqualTo(unit);
        assertThat(result.effort().tokens()).isEqualTo(400);
        assertThat(result.effort().trainingSeconds()).isPositive();
        Needle needle = Needle.named("vault-code");
        assertThat(result.findings())
                .hasSize(modes.size() * needle.questions().size())
                .allSatisfy(finding -> {
                    assertThat(finding).isInstanceOf(Finding.Needle.class);
                    Finding.Needle found = (Finding.Needle) finding;
                    assertThat(found.tokens()).isEqualTo(400);
                    assertThat(found.nll()).isPositive();
                    assertThat(found.recall() == 1).isEqualTo(needle.recalledIn(found.answer()));
                    assertThat(needle.questions()).contains(found.question());
                });
        assertThat(result.findings().stream().map(Finding::mode).distinct()).containsExactlyElementsOf(modes);
        assertThat(new NeedleTrial(lift, HAY).of(unit, folder).findings())
                .as("by the memory that is there")
                .isEqualTo(result.findings());
    }

    @Test
    void absorbsNothingForTheBaseModel() {
        Unit.Haystack unit =
                new Unit.Haystack("tiny", "tiny", 120, 1, "dolores-park", Optional.empty(), 0, List.of("icl"));
        Result result = new NeedleTrial(lift, HAY).of(unit, folder);
        assertThat(result.findings()).hasSize(2);
        assertThat(result.effort().trainingSeconds()).isZero();
    }

    /** The original essays, where {@code -Dlift4j.data=DIR} names a folder with {@code niah/PaulGrahamEssays}. */
    @Test
    @EnabledIfSystemProperty(named = "lift4j.data", matches = ".+")
    void hidesANeedleInTheOriginalEssays() {
        Tokenizer tokenizer = lift.model().tokenizer();
        Haystack essays = Haystack.open(Path.of(System.getProperty("lift4j.data"), "niah/PaulGrahamEssays"));
        for (double depth : new double[] {0, 0.5, 1}) {
            Stack stack = essays.hide(Needle.all().getFirst(), 30_000, depth, tokenizer);
            assertThat(tokenizer.encode(stack.text())).hasSize(30_000);
            assertThat(stack.depth()).isCloseTo(depth, within(0.01));
        }
    }
}
