package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.document.Passages;
import io.github.lift4j.document.Span;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.runtime.ComputeDevice;
import io.github.lift4j.engine.runtime.ComputeType;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.prompt.UserTurn;
import io.github.lift4j.recipe.TaskSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionsTest {

    private static final String TITLE = "The voyage of the Petrel";
    private static final String TEXT = IntStream.range(0, 20)
            .mapToObj(i -> "On day " + (100 + i) + " the crew of the Petrel counted " + (i * 37 % 101) + " gulls.")
            .collect(Collectors.joining(" "));
    private static final Pattern FACT =
            Pattern.compile("about this fact, each with its short answer: On day (\\d+) .* counted (\\d+) gulls");

    private static LanguageModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() {
        model = LanguageModel.load(
                "tiny", Path.of("src/test/resources/tiny"), ComputeDevice.parse("cpu"), ComputeType.FLOAT32);
    }

    @AfterAll
    static void unload() {
        model.close();
    }

    /** Writes what it is told to, and remembers what it was asked. */
    private static final class Scripted implements Author {

        private final Function<String, String> script;
        private final List<Prompt> asked = new ArrayList<>();
        private boolean closed;

        Scripted(Function<String, String> script) {
            this.script = script;
        }

        @Override
        public List<String> write(List<Prompt> prompts) {
            asked.addAll(prompts);
            return prompts.stream().map(Scripted::said).map(script).toList();
        }

        static String said(Prompt prompt) {
            return prompt.messages().getLast().content();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void everySentenceGivesItsPairsAndTheirAnswersAreLearnedAsTheyStand() {
        Scripted author = new Scripted(QuestionsTest::pairs);
        Questions questions = questions(sentence(60, 2, false), author, author, 1);
        assertThat(questions.units()).isEqualTo(3);
        assertThat(questions.tasksPerUnit()).isEqualTo(16);
        List<List<PreparedTask>> made = questions.make(List.of(2, 0));

        assertThat(made).extracting(List::size).containsExactly(8, 16);
        PreparedTask first = made.get(1).getFirst();
        assertThat(first.task())
                .isEqualTo(new Task(
                        "How many gulls were there on day 100?",
                        "0",
                        Passages.sentences(TEXT).getFirst().span(),
                        "questions"));
        assertThat(first.teacher()).isEmpty();
        PreparedTask second = made.get(1).get(1);
        assertThat(second.task().answer()).isEqualTo("Day 100");
        assertThat(second.answer())
                .isEqualTo(IntStream.concat(
                                IntStream.of(model.tokenizer().encode("Day 100")),
                                UserTurn.of(model).endOfAnswer().stream().mapToInt(end -> end))
                        .toArray());
    }

    @Test
    void theAuthorSeesTheSentenceAndWholeWordsBeforeIt() {
        Scripted author = new Scripted(QuestionsTest::pairs);
        questions(sentence(20, 1, false), author, author, 1).make(List.of(0));
        assertThat(Scripted.said(author.asked.getFirst())).contains("\n\nOn day 100 the crew");
        assertThat(Scripted.said(author.asked.get(1)))
                .contains("\n\ncounted 0 gulls. On day 101 the crew of the Petrel counted 37 gulls.\n\nWrite 1 ")
                .contains("fact, each with its short answer: On day 101 the crew of the Petrel counted 37 gulls.");
        assertThat(author.asked)
                .allMatch(prompt ->
                        WrittenPair.in(prompt.messages().get(1).content()).size() == 3);
        assertThat(author.asked).allMatch(prompt -> prompt.temperature() == 0.7 && prompt.mostTokens() == 64);
    }

    @Test
    void whatAUnitGivesDependsOnTheSeedAndNotOnWhatIsMadeWithIt() {
        Scripted together = new Scripted(QuestionsTest::pairs);
        Scripted apart = new Scripted(QuestionsTest::pairs);
        Scripted other = new Scripted(QuestionsTest::pairs);
        var all = questions(sentence(60, 1, false), together, together, 1).make(List.of(0, 1, 2));
        Questions one = questions(sentence(60, 1, false), apart, apart, 1);
        assertThat(IntStream.range(0, 3)
                        .mapToObj(unit -> one.make(List.of(unit)).getFirst())
                        .toList())
                .usingRecursiveComparison()
                .isEqualTo(all);
        assertThat(apart.asked).isEqualTo(together.asked);
        questions(sentence(60, 1, false), other, other, 2).make(List.of(0, 1, 2));
        assertThat(other.asked)
                .isNotEqualTo(together.asked)
                .extracting(Scripted::said)
                .isEqualTo(together.asked.stream().map(Scripted::said).toList());
    }

    @Test
    void someShortPiecesAreTaken() {
        List<Span> taken = pieces(3, 150, 1);
        assertThat(taken)
                .hasSize(3)
                .isSortedAccordingTo(Comparator.comparingLong(Span::start))
                .isNotEqualTo(pieces(3, 150, 2));
        assertThat(taken).isEqualTo(pieces(3, 150, 1));
        assertThat(taken).allMatch(span -> span.length() <= 150 && span.length() > 60);
        assertThat(pieces(99, 150, 1)).hasSizeBetween(7, 20);
        assertThat(pieces(99, 1, 1)).hasSize(20);
    }

    private static List<Span> pieces(int count, int length, long seed) {
        TaskSettings.Questions settings = new TaskSettings.Questions(
                new TaskSettings.Base(), new TaskSettings.Pieces(count, length), 1, 0.7, 24, false);
        Scripted author = new Scripted(said -> {
            Matcher day = Pattern.compile("On day (\\d+)").matcher(said);
            assertThat(day.find()).isTrue();
            return "Q: What was counted on day " + day.group(1) + "?\nA: Gulls";
        });
        Questions questions = questions(settings, author, author, seed);
        return questions.make(IntStream.range(0, questions.units()).boxed().toList()).stream()
                .flatMap(List::stream)
                .map(task -> task.task().span())
                .toList();
    }

    @Test
    void nonsenseGivesNoTasksAndTheRestGoesOn() {
        Scripted author = new Scripted(said -> switch (day(said)) {
            case 100 -> "";
            case 101 -> "As an AI I would rather talk about something else.";
            case 102 -> "Q: What is the answer?\nA: The answer is 4";
            case 103 -> "Q: How many gulls were there on day 103?\nA: " + "so many gulls, and more of them, ".repeat(9);
            default -> pairs(said);
        });
        List<PreparedTask> made = questions(sentence(60, 2, false), author, author, 1)
                .make(List.of(0))
                .getFirst();
        assertThat(made).hasSize(8);
        assertThat(made.getFirst().task().question()).contains("104");
    }

    @Test
    void whatTheSecondLookDoesNotConfirmIsDropped() {
        Scripted checker = new Scripted(said -> {
            assertThat(said).contains("the crew of the Petrel counted").contains("\nAnswer: ");
            return said.contains("Question: How many gulls") ? " **Yes**, it does." : "No, I doubt it.";
        });
        Scripted author = new Scripted(QuestionsTest::pairs);
        List<PreparedTask> made = questions(sentence(60, 2, true), author, checker, 1)
                .make(List.of(0))
                .getFirst();
        assertThat(made).hasSize(8).allMatch(task -> task.task().question().startsWith("How many"));
        assertThat(checker.asked).hasSize(16).allMatch(prompt -> prompt.temperature() == 0);
    }

    @Test
    void whatAnEarlierRunMadeIsNotAskedAgainAndStaysADuplicate() {
        List<Integer> order = List.of(0, 1, 2);
        Scripted author = new Scripted(said -> "Q: What did the crew of the Petrel count on day 100?\nA: Gulls");
        try (TaskJournal journal = journal(author, order)) {
            assertThat(journal.effort().requests()).isEqualTo(20);
            assertThat(journal.tasks(0)).hasSize(1);
            assertThat(journal.tasks(1)).isEmpty();
            assertThat(author.closed).isFalse();
            assertThat(journal.secondsLeft()).isPositive();
        }
        assertThat(author.closed).isTrue();
        try (TaskJournal journal = journal(author, order)) {
            assertThat(journal.effort().requests()).isEqualTo(4);
            assertThat(journal.secondsLeft()).isZero();
            assertThat(journal.tasks(2)).isEmpty();
            assertThat(journal.all()).hasSize(1);
        }
        assertThat(author.asked).hasSize(20);
    }

    @Test
    void anAuthorThatFailsStopsTheRunAndWhatWasMadeIsKept() {
        List<Integer> order = List.of(0, 1, 2);
        Scripted failing = new Scripted(said -> {
            if (day(said) == 112) {
                throw new LiftException("There is no server.");
            }
            return pairs(said);
        });
        try (TaskJournal journal = journal(failing, order)) {
            assertThat(journal.tasks(0)).hasSize(16);
            assertThatThrownBy(() -> journal.tasks(1)).hasMessage("There is no server.");
        }
        Scripted well = new Scripted(QuestionsTest::pairs);
        try (TaskJournal journal = journal(well, order)) {
            order.forEach(journal::tasks);
            assertThat(journal.all()).hasSize(40);
        }
        assertThat(well.asked).hasSize(12);
    }

    @Test
    void theEffortCountsSecondLooks() {
        Scripted author = new Scripted(QuestionsTest::pairs);
        Questions questions = questions(sentence(60, 3, true), author, author, 1);
        assertThat(questions.effort(List.of(0, 2))).isEqualTo(Effort.ofRequests(12 + 12 * 3));
        assertThat(new Effort(1200, 5000, 400, 0.5, 61))
                .hasToString("The tasks take at most 1,200 requests to a language model, which reads some 5,000 tokens"
                        + " and writes at most 400, for a price of some 0.50, in some 2 min.");
    }

    @Test
    void anEndpointNeedsTheArtifactThatAsksIt() {
        TaskSettings.Source settings = new TaskSettings.Questions(
                new TaskSettings.Endpoint("http://localhost:1/v1", "mini", 1, Optional.empty()),
                new TaskSettings.Sentence(60),
                1,
                0.7,
                24,
                false);
        assertThatThrownBy(() -> TaskSources.of(model, TITLE, TEXT, List.of(settings), 1))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("mini at http://localhost:1/v1, which needs lift4j-remote");
    }

    @Test
    void whatAnotherSourceMadeOfTheSameSentenceIsNotRemembered() {
        Scripted author = new Scripted(QuestionsTest::pairs);
        List<Task> own = questions(sentence(60, 2, false), author, author, 1).make(List.of(0)).getFirst().stream()
                .map(PreparedTask::task)
                .toList();
        Questions questions = questions(sentence(60, 2, false), author, author, 1);
        questions.remember(own.stream()
                .map(task -> new Task(task.question(), task.answer(), task.span(), "self-study"))
                .toList());
        assertThat(questions.make(List.of(0)).getFirst()).hasSize(16);
        Questions resumed = questions(sentence(60, 2, false), author, author, 1);
        resumed.remember(own);
        assertThat(resumed.make(List.of(0)).getFirst()).isEmpty();
    }

    @Test
    void theBaseModelWritesSideBySideWhatItWritesAlone() {
        List<Author.Prompt> prompts = IntStream.range(0, 6)
                .mapToObj(i -> new Author.Prompt(
                        List.of(Message.user("What is " + "it ".repeat(i) + "?")), i % 2 == 0 ? 0.9 : 0, 6 + i % 3, i))
                .toList();
        try (Author author = new BaseAuthor(model)) {
            List<String> together = author.write(prompts);
            assertThat(together).hasSize(6);
            assertThat(prompts.stream()
                            .map(prompt -> author.write(List.of(prompt)).getFirst())
                            .toList())
                    .isEqualTo(together);
            assertThat(author.write(List.of())).isEmpty();
        }
    }

    private TaskJournal journal(Author author, List<Integer> order) {
        return TaskJournal.open(
                folder.resolve("tasks.bin"), questions(sentence(60, 2, false), author, author, 1), order, 1);
    }

    private static Questions questions(TaskSettings.Questions settings, Author author, Author checker, long seed) {
        return new Questions(model, TITLE, TEXT, settings, author, checker, seed);
    }

    private static TaskSettings.Questions sentence(int context, int questions, boolean selfCheck) {
        return new TaskSettings.Questions(
                new TaskSettings.Base(), new TaskSettings.Sentence(context), questions, 0.7, 24, selfCheck);
    }

    /** Two good pairs about the sentence, and one too many. */
    private static String pairs(String said) {
        Matcher fact = FACT.matcher(said);
        assertThat(fact.find()).isTrue();
        return "Q: How many gulls were there on day %1$s?\nA: %2$s\nQ: Which day of the voyage saw %2$s gulls counted in %1$s?\nA: Day %1$s\nQ: Who sailed on day %1$s?\nA: The crew"
                .formatted(fact.group(1), fact.group(2));
    }

    private static int day(String said) {
        Matcher fact = FACT.matcher(said);
        return fact.find() ? Integer.parseInt(fact.group(1)) : 0;
    }
}
