package io.github.lift4j.evaluation.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeTest {

    @Test
    void isTwentyInstructionsAndFortyQuestions() {
        assertThat(Probe.items()).extracting(ProbeItem::id).doesNotHaveDuplicates();
        assertThat(Probe.items())
                .filteredOn(item -> item.kind() == ProbeItem.Kind.INSTRUCTION)
                .hasSize(20);
        assertThat(Probe.items())
                .filteredOn(item -> item.kind() == ProbeItem.Kind.KNOWLEDGE)
                .hasSize(40);
    }

    @TestFactory
    Stream<DynamicTest> everyItemPassesItsGoldAnswerAndFailsWhatALostModelSays() {
        String lost =
                "The Report Of the Expedition was written by the Expedition and the Expedition was written, and it was"
                        + " the elephant of the report";
        return Probe.items().stream()
                .map(item -> DynamicTest.dynamicTest(item.id(), () -> {
                    assertThat(item.passes(" " + item.gold() + "\n")).isTrue();
                    assertThat(item.passes("")).isFalse();
                    assertThat(item.passes(lost)).isFalse();
                    assertThat(item.passes(item.prompt())).as("an echo").isFalse();
                }));
    }

    @Test
    void noKnowledgeItemPassesByAnothersAnswer() {
        List<ProbeItem> capitals = Probe.items().stream()
                .filter(item -> item.id().startsWith("capital-"))
                .toList();
        assertThat(capitals)
                .hasSize(6)
                .allSatisfy(item -> assertThat(capitals)
                        .filteredOn(other -> item.passes("It is " + other.gold() + "."))
                        .containsExactly(item));
    }

    @Test
    void countsTheMarkedLinesOfAList() {
        Check three = new Check.Items(3);
        assertThat(three.passes("Here they are:\n- dog\n* cat\n3) owl")).isTrue();
        assertThat(three.passes("1. dog\n2. cat\n3. owl\n4. fox")).isFalse();
        assertThat(three.passes("dog\ncat\nowl")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fly | B | true
            fly | b | false
            fly | (B) Eagle | true
            fly | B. Eagle | true
            fly | The answer is B. | true
            fly | Answer: B | true
            fly | A. Stone | false
            fly | But a stone can fly | false
            fly | Eagle | false
            capital-france | The capital of France is Paris. | true
            capital-france | Parisian | false
            two-plus-two | 2 + 2 = 4 | true
            two-plus-two | 2 + 2 = 14 | false
            json-one-key | ```json {"name": "Anna"} ``` | true
            json-one-key | {"name": "Anna"} is the object | false
            json-one-key | {"Name": "Anna"} | false
            yes-or-no | yes | true
            yes-or-no | snow | false
            upper-case | PEAR 1 | true
            upper-case | Pear | false
            upper-case | 1 | false
            digits | 5. | true
            digits | five | false
            avoid-word | Elephant | false
            """)
    void passesAndFails(String id, String answer, boolean passes) {
        ProbeItem item = Probe.items().stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(item.passes(answer)).isEqualTo(passes);
    }
}
