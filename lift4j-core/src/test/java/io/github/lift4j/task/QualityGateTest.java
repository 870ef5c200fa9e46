package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.document.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QualityGateTest {

    private static final String TITLE = "The Harbour Diary";
    private static final String PASSAGE =
            "The harbour of Vessel froze in May 1912. Captain Aske wrote a letter to the governor about it. "
                    + "The text of the treaty names Lunde. 港は五月に凍った。";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "When did the harbour freeze?",
                "What froze in 1912?",
                "Whom did Captain Aske write to?",
                "What did he write to Aske?",
                "Why did the governor say that he would leave?",
                "Explain why the harbour was closed.",
                "港はいつ凍りましたか？",
                "What does the text of the treaty say?",
                "What did she find in the diary?",
                "In \"The Harbour Diary\", who wrote a letter?"
            })
    void acceptsWhatAPersonCouldAsk(String question) {
        assertThat(refusal(question, "In May 1912.")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Who?                                       | Aske              | QUESTION_TOO_SHORT",
                "The harbour froze in May 1912.             | Yes               | NOT_A_QUESTION",
                "Who is Captain Aske?                       | The Harbour Diary is a fascinating blend of Aske | SAYS_NOTHING",
                "What does this sentence say of Aske?       | He wrote          | SELF_REFERENCE",
                "What is the passage about the harbour?     | Ice               | SELF_REFERENCE",
                "Why did Aske write, in the text above?     | Ice               | SELF_REFERENCE",
                "According to the paragraph, who is Aske?   | A captain         | SELF_REFERENCE",
                "Who is Captain Aske?                       | The answer is: he | SELF_REFERENCE",
                "Who is Captain Aske?                       | Answer: he        | SELF_REFERENCE",
                "Who is Captain Aske?                       | who is captain Aske, a man of ice and few letters | REPEATS_QUESTION",
                "Did the harbour of Vessel freeze in May?   | The harbour of Vessel did freeze in May. | REPEATS_QUESTION",
                "Who is Captain Aske?                       | no no no no no no | LOOPS",
                "Who is Captain Aske?                       | a man of ice a man of ice a man of ice | LOOPS",
                "What did the man say?                      | No                | NEEDS_PASSAGE",
                "What happened next?                        | Ice               | NEEDS_PASSAGE",
                "Why did the elephant cross?                | Ice               | NEEDS_PASSAGE",
                "What did he do with the letter?            | He sent it        | NEEDS_PASSAGE",
            })
    void refusesForAReason(String question, String answer, Refusal expected) {
        assertThat(refusal(question, answer)).contains(expected);
    }

    @Test
    void holdsLengthsToTheSettings() {
        QualityGate gate = new QualityGate(TITLE, new QualityGate.Settings(20, 30, 3, 5, 1, 3, 6), task -> true);
        // 20 and 30 characters, 3 and 5: the limits themselves are allowed.
        assertThat(gate.refusal(task("Was it the harbour??", "yes"), PASSAGE)).isEmpty();
        assertThat(gate.refusal(task("Was it the harbour of Vessels?", "never"), PASSAGE))
                .isEmpty();
        assertThat(gate.refusal(task("Was it the harbour?", "yes"), PASSAGE)).contains(Refusal.QUESTION_TOO_SHORT);
        assertThat(gate.refusal(task("Was it the harbour of Vessels??", "yes"), PASSAGE))
                .contains(Refusal.QUESTION_TOO_LONG);
        assertThat(gate.refusal(task("Was it that harbour?", " no "), PASSAGE)).contains(Refusal.ANSWER_TOO_SHORT);
        assertThat(gate.refusal(task("Was it that harbour?", "rarely"), PASSAGE))
                .contains(Refusal.ANSWER_TOO_LONG);
    }

    @Test
    void knowsAQuestionAgain() {
        QualityGate gate = QualityGate.of(TITLE);
        assertThat(gate.refusal(task("When did the harbour of Vessel freeze in May?", "Early"), PASSAGE))
                .isEmpty();
        for (String again : List.of(
                "when did the  harbour of vessel freeze, in May",
                "When, in May, did the harbour of Vessel freeze?",
                "When did the harbour of Vessel freeze during May?")) {
            assertThat(gate.refusal(task(again, "Late"), PASSAGE)).as(again).contains(Refusal.DUPLICATE);
        }
        assertThat(gate.refusal(task("When did the harbour of Vessel freeze in 1912?", "May"), PASSAGE))
                .isEmpty();
        assertThat(gate.refusal(task("When did Lunde sign the treaty?", "May"), PASSAGE))
                .isEmpty();
    }

    @Test
    void tellsQuestionsApartByTheirNumbers() {
        QualityGate gate = QualityGate.of(TITLE);
        assertThat(gate.refusal(task("How many ships came to the harbour of Vessel in 1912?", "4"), PASSAGE))
                .isEmpty();
        assertThat(gate.refusal(task("How many ships came to the harbour of Vessel in 1913?", "5"), PASSAGE))
                .isEmpty();
    }

    @Test
    void asksForASecondLookLastAndForgetsWhatItRefused() {
        List<Task> looked = new ArrayList<>();
        QualityGate gate = new QualityGate(TITLE, QualityGate.Settings.DEFAULT, task -> {
            looked.add(task);
            return !task.answer().equals("wrong");
        });
        Task wrong = task("When did the harbour freeze?", "wrong");
        Task right = task("When did the harbour freeze?", "In May");
        assertThat(gate.refusal(wrong, PASSAGE)).contains(Refusal.FAILED_SELF_CHECK);
        assertThat(gate.refusal(right, PASSAGE)).isEmpty();
        assertThat(gate.refusal(wrong, PASSAGE)).contains(Refusal.DUPLICATE);
        assertThat(gate.refusal(task("What does this sentence say?", "a"), PASSAGE))
                .contains(Refusal.SELF_REFERENCE);
        assertThat(looked).containsExactly(wrong, right);
    }

    @Test
    void letsATitleSpeakOfPassages() {
        QualityGate gate = QualityGate.of("The Passage");
        assertThat(gate.refusal(task("Who is Aske in The Passage?", "A captain"), PASSAGE))
                .isEmpty();
        assertThat(refusal("Who is Aske in The Passage?", "A captain")).contains(Refusal.SELF_REFERENCE);
    }

    @Test
    void saysItsReasonsInWords() {
        assertThat(Refusal.NEEDS_PASSAGE).hasToString("needs passage");
    }

    @Test
    void refusesSettingsWithoutSense() {
        assertThatThrownBy(() -> new QualityGate.Settings(8, 400, 1, 1200, 0, 3, 6))
                .hasMessageContaining("Jaccard");
        assertThatThrownBy(() -> new QualityGate.Settings(8, 400, 1, 1200, Double.NaN, 3, 6))
                .hasMessageContaining("Jaccard");
        assertThatThrownBy(() -> new QualityGate.Settings(0, 400, 1, 1200, 1, 3, 6))
                .hasMessageContaining("at least 1 character");
        assertThatThrownBy(() -> new QualityGate.Settings(8, 400, 1, 1200, 1, 1, 6))
                .hasMessageContaining("not repeated");
    }

    @Provide
    Arbitrary<Task> tasks() {
        Arbitrary<String> words = Arbitraries.of(
                "what", "did", "the", "harbour", "Aske", "he", "this", "sentence", "1912", "letter", "say", "no");
        Arbitrary<String> texts = words.list().ofMaxSize(8).map(list -> String.join(" ", list));
        return Combinators.combine(texts, Arbitraries.of("?", "."), texts)
                .as((question, mark, answer) -> task(question + mark, answer));
    }

    @Property(tries = 500)
    void judgesWithoutRegardToOrderButForDuplicates(@ForAll @Size(max = 12) List<@From("tasks") Task> tasks) {
        Map<Task, Set<Optional<Refusal>>> verdicts = new HashMap<>();
        for (List<Task> order : List.of(tasks, tasks.reversed())) {
            QualityGate gate = QualityGate.of(TITLE);
            order.forEach(task -> verdicts.computeIfAbsent(task, _ -> new HashSet<>())
                    .add(gate.refusal(task, PASSAGE).filter(refusal -> refusal != Refusal.DUPLICATE)));
        }
        assertThat(verdicts.values()).allSatisfy(found -> assertThat(found).hasSize(1));
    }

    @Property(tries = 500)
    void findsEveryDuplicateThatAFullComparisonFinds(
            @ForAll @Size(max = 12) List<@From("tasks") Task> tasks,
            @ForAll @DoubleRange(min = 0.05, max = 1) double alike) {
        SeenQuestions seen = new SeenQuestions(alike);
        List<Set<String>> all = new ArrayList<>();
        for (Task task : tasks) {
            List<Word> words = Word.in(task.question().replace("1912", "year"));
            Set<String> keys = SeenQuestions.keys(words);
            boolean expected =
                    !keys.isEmpty() && all.stream().anyMatch(other -> SeenQuestions.jaccard(other, keys) >= alike);
            assertThat(seen.contains(words)).isEqualTo(expected);
            seen.add(words);
            all.add(keys);
        }
    }

    private static Optional<Refusal> refusal(String question, String answer) {
        return QualityGate.of(TITLE).refusal(task(question, answer), PASSAGE);
    }

    private static Task task(String question, String answer) {
        return new Task(question, answer, new Span(0, 10), "test");
    }
}
