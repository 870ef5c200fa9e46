package io.github.lift4j.evaluation.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.task.Author;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {

    @TempDir
    private Path folder;

    /** An author who says the same of everything, and remembers what it was asked. */
    private static final class Saying implements Author {

        private final List<Prompt> asked = new ArrayList<>();
        private final List<String> said;

        Saying(String... said) {
            this.said = List.of(said);
        }

        @Override
        public List<String> write(List<Prompt> prompts) {
            asked.addAll(prompts);
            return said.subList(0, prompts.size());
        }

        @Override
        public void close() {}
    }

    @Test
    void asksWithLooglesWords() {
        Saying author = new Saying("True");
        Judge judge = new Judge(author, "judge-1");
        assertThat(judge.answers(List.of(new JudgedAnswer("Who {reference}?", "Ada $1", "{question}"))))
                .containsExactly(OptionalDouble.of(1));
        Author.Prompt prompt = author.asked.getFirst();
        assertThat(prompt.temperature()).isZero();
        assertThat(prompt.mostTokens()).isEqualTo(10);
        assertThat(prompt.messages().getFirst().role()).isEqualTo("system");
        assertThat(prompt.messages().getFirst().content()).endsWith("Please only output 'True' or 'False' .");
        assertThat(prompt.messages().getLast().content())
                .isEqualTo("Question: Who {reference}?\ngroudtruth = Ada $1\npredict_answer = {question}");

        judge.summaries(List.of(new JudgedAnswer("", "gold", "mine")));
        assertThat(author.asked.getLast().messages()).hasSize(1);
        assertThat(author.asked.getLast().messages().getFirst().content())
                .endsWith("0 to 100. \nGroundtruth = gold \nGenerated = mine \nScore = ");
    }

    @ParameterizedTest
    @CsvSource({
        "True, 1",
        "false, 0",
        "'True.', 1",
        "'**False**', 0",
        "'The answer is True', 1",
        "'True or False', -1",
        "Untrue, -1",
        "'', -1",
        "Yes, -1"
    })
    void readsTrueAndFalse(String said, double expected) {
        assertThat(Judge.truth(said).orElse(-1)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "85, 0.85",
        "'Score = 85', 0.85",
        "100, 1",
        "0, 0",
        "72.5/100, 0.725",
        "850, -1",
        "-5, -1",
        "good, -1",
        "1000, -1"
    })
    void readsScores(String said, double expected) {
        assertThat(Judge.score(said).orElse(-1)).isCloseTo(expected, within(1e-12));
    }

    /** Cohen's own kind of table: both true 20, judge only 10, people only 5, both false 15. */
    @Test
    void measuresAgreementWithPeople() {
        List<OptionalDouble> judged = Stream.of("1".repeat(20), "1".repeat(10), "0".repeat(5), "0".repeat(15), "-")
                .flatMap(JudgeTest::decisions)
                .toList();
        List<Boolean> people = Stream.of("1".repeat(20), "0".repeat(10), "1".repeat(5), "0".repeat(15), "1")
                .flatMap(JudgeTest::decisions)
                .map(decision -> decision.orElseThrow() == 1)
                .toList();
        JudgeAgreement agreement = JudgeAgreement.of(judged, people);
        assertThat(agreement.items()).isEqualTo(50);
        assertThat(agreement.undecided()).isEqualTo(1);
        assertThat(agreement.accuracy()).isCloseTo(0.7, within(1e-12));
        assertThat(agreement.kappa().orElseThrow()).isCloseTo(0.4, within(1e-12));
        assertThat(JudgeAgreement.of(List.of(OptionalDouble.of(1)), List.of(true))
                        .kappa())
                .isEmpty();
        assertThat(JudgeAgreement.of(List.of(OptionalDouble.empty()), List.of(true))
                        .items())
                .isZero();
    }

    private static Stream<OptionalDouble> decisions(String spelled) {
        return spelled.chars().mapToObj(c -> c == '-' ? OptionalDouble.empty() : OptionalDouble.of(c - '0'));
    }

    @Test
    void checksAJudgeAgainstAFileOfLabels() throws IOException {
        Path file = Files.writeString(folder.resolve("labels.jsonl"), """
                {"question": "Who?", "reference": "Ada", "prediction": "Ada B.", "label": true, "annotator": 3}

                {"question": "When?", "reference": "1843", "prediction": "1900", "label": false}
                """);
        JudgeAgreement agreement =
                JudgeAgreement.of(new Judge(new Saying("True", "True"), "judge-1"), HumanLabel.read(file));
        assertThat(agreement.items()).isEqualTo(2);
        assertThat(agreement.accuracy()).isEqualTo(0.5);

        Path broken = Files.writeString(
                folder.resolve("broken.jsonl"), "{\"question\": \"Who?\", \"reference\": \"Ada\", \"label\": true}");
        assertThatThrownBy(() -> HumanLabel.read(broken))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("prediction");
        assertThatThrownBy(() -> HumanLabel.read(Files.writeString(folder.resolve("empty.jsonl"), "\n")))
                .isInstanceOf(LiftException.class);
    }
}
