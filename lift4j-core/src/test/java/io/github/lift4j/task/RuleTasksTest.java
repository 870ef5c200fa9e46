package io.github.lift4j.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.document.Passage;
import io.github.lift4j.document.Passages;
import io.github.lift4j.task.RuleTasks.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RuleTasksTest {

    private static final String TITLE = "The {sentence} of $1";
    private static final String STORY = "Captain Aske sailed from Lunde in 1911. The crew had eleven men and a dog. "
            + "In May the harbour of Vessel froze over. Nobody had seen such ice before that year.\n\n"
            + "The governor sent a letter with twelve questions. Aske answered none of them in writing. "
            + "He burned the letter in front of Inger Holm. \"We stay until the thaw,\" he told the cook. "
            + "The dog died on the third of June. Two men left across the ice to Skarvik.";

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> sentences = Arbitraries.of(
                "The harbour froze in May 1912.",
                "The harbour froze in June 1912.",
                "Aske wrote to Inger Holm about the ice and the dog.",
                "Aske wrote to Inger Holm about the ice and the cook.",
                "No.",
                "He stayed ____ until the thaw came over the hills.",
                "港は五月に凍りました。船長は手紙を書いた。",
                "name;year;ships\nVessel;1912;4\nLunde;1913;5\n",
                "if (x > 0) {\n  return $1 + {title};\n}\n",
                "word ".repeat(120),
                "\uD83D\uDEA2".repeat(250),
                "\n\n",
                "A heading\n\n");
        return sentences.list().ofMaxSize(14).map(list -> String.join(" ", list));
    }

    @Property(tries = 150)
    void answersAreRight(@ForAll("texts") String text, @ForAll Kind kind, @ForAll long seed) {
        for (Task task : RuleTasks.of(TITLE, text).make(kind, 20, new Random(seed))) {
            String place =
                    text.substring((int) task.span().start(), (int) task.span().end());
            switch (kind) {
                case CLOZE -> {
                    assertThat(task.question()).contains(TITLE);
                    // The masked sentence stands in the question: putting the answer back gives the text.
                    assertThat(task.question().replace(Cloze.BLANK, task.answer()))
                            .contains(place);
                    assertThat(task.question()).doesNotContain(place);
                }
                case COMPLETION -> {
                    assertThat(place).endsWith(task.answer());
                    String opening = place.substring(
                                    0, place.length() - task.answer().length())
                            .strip();
                    assertThat(task.question()).contains(opening, TITLE);
                }
                case NEXT -> {
                    assertThat(place).endsWith(task.answer());
                    String before = place.substring(
                                    0, place.length() - task.answer().length())
                            .strip();
                    assertThat(before).isNotEmpty();
                    assertThat(task.question()).contains(before, TITLE);
                }
                case ORDERING -> assertThat(reordered(task)).isEqualTo(withoutSpace(place));
                case CHOICE -> {
                    assertThat(place).endsWith(option(task, task.answer().charAt(0)));
                    Set<String> options = "ABCD"
                            .chars()
                            .mapToObj(letter -> option(task, (char) letter))
                            .collect(Collectors.toSet());
                    assertThat(options).hasSize(4);
                }
                case FIND -> {
                    assertThat(task.answer()).isEqualTo(place);
                    assertThat(task.question()).contains(TITLE);
                    String term = term(task);
                    assertThat(place).contains(term);
                    assertThat(holding(term, Passages.sentences(text))).isEqualTo(1);
                }
            }
            assertThat(task.source()).isEqualTo(kind.source());
        }
    }

    @Property(tries = 60)
    void theSameSeedGivesTheSameTasks(@ForAll("texts") String text, @ForAll Kind kind, @ForAll long seed) {
        List<Task> tasks = RuleTasks.of(TITLE, text).make(kind, 5, new Random(seed));
        assertThat(RuleTasks.of(TITLE, text).make(kind, 5, new Random(seed))).isEqualTo(tasks);
        assertThat(tasks).hasSizeLessThanOrEqualTo(5);
        assertThat(new HashSet<>(tasks.stream().map(Task::question).toList())).hasSameSizeAs(tasks);
    }

    @ParameterizedTest
    @EnumSource
    void aStoryGivesAsManyAsAskedFor(Kind kind) {
        RuleTasks rules = RuleTasks.of("Vessel", STORY);
        List<Task> tasks = rules.make(kind, 6, new Random(7));
        assertThat(tasks).hasSize(6);
        assertThat(rules.make(kind, 6, new Random(8))).isNotEqualTo(tasks);
        assertThat(rules.make(kind, 0, new Random(7))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOZE", "COMPLETION", "FIND"})
    void oneSentenceIsEnough(Kind kind) {
        String one = "Captain Aske sailed from Lunde in 1911.";
        assertThat(RuleTasks.of("Vessel", one).make(kind, 3, new Random(1))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void nothingGivesNothing(Kind kind) {
        assertThat(RuleTasks.of("Vessel", "").make(kind, 3, new Random(1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aTableGivesTasksToo(Kind kind) {
        String table = IntStream.range(1800, 1900)
                .mapToObj(year -> year + ";ships " + year * 7 + ";port " + year * 31)
                .collect(Collectors.joining("\n"));
        assertThat(RuleTasks.of("Ships", table).make(kind, 3, new Random(1))).isNotEmpty();
    }

    @Test
    void leavesOutWhatTheTextDoesNotDecide() {
        String twins = "Then the big harbour froze in April. Then the big harbour froze in June."
                + " Then the big harbour froze in April.";
        RuleTasks rules = RuleTasks.of("Vessel", twins);
        assertThat(rules.make(Kind.COMPLETION, 9, new Random(3)))
                .as("both begin alike up to the last word")
                .isEmpty();
        assertThat(rules.make(Kind.CLOZE, 9, new Random(3))).as("April or June").isEmpty();
        assertThat(rules.make(Kind.NEXT, 9, new Random(3)))
                .extracting(Task::answer)
                .containsExactly("Then the big harbour froze in April.");
        assertThat(rules.make(Kind.FIND, 9, new Random(3)))
                .extracting(Task::answer)
                .containsExactly("Then the big harbour froze in June.");
    }

    @Property(tries = 60)
    void passagesToBeOrderedAreTheTextWordForWord(@ForAll("texts") String text, @ForAll long seed) {
        for (Task task : RuleTasks.of(TITLE, text).makeOrdering(300, 5, new Random(seed))) {
            String place =
                    text.substring((int) task.span().start(), (int) task.span().end());
            assertThat(reordered(task)).isEqualTo(withoutSpace(place));
        }
    }

    @Test
    void passagesToBeOrderedAreOfAllLengthsUpToTheLongest() {
        String text = IntStream.range(0, 2_000)
                .mapToObj(i -> "Ship " + i + " left the harbour on a " + i * 7 + "th day.")
                .collect(Collectors.joining("\n"));
        List<Long> lengths = RuleTasks.of(TITLE, text).makeOrdering(2_000, 100, new Random(1)).stream()
                .map(task -> task.span().length() / 5)
                .toList();
        assertThat(lengths).allMatch(length -> length <= 2_010);
        assertThat(lengths).filteredOn(length -> length < 200).hasSizeBetween(20, 60);
        assertThat(lengths).filteredOn(length -> length > 1_000).hasSizeBetween(10, 40);
    }

    @Property(tries = 150)
    void halfOfTheJointsAreThere(@ForAll("texts") String text, @ForAll long seed) {
        List<Task> tasks = RuleTasks.of(TITLE, text).makeJoints(300, 6, new Random(seed));
        assertThat(RuleTasks.of(TITLE, text).makeJoints(300, 6, new Random(seed)))
                .isEqualTo(tasks);
        assertThat(tasks.size()).isEven().isLessThanOrEqualTo(6);
        assertThat(tasks).extracting(Task::question).doesNotHaveDuplicates();
        for (int i = 0; i < tasks.size(); i += 2) {
            Task yes = tasks.get(i);
            Task no = tasks.get(i + 1);
            assertThat(List.of(yes, no)).extracting(Task::answer).containsExactly("Yes", "No");
            assertThat(List.of(yes, no)).extracting(Task::source).containsOnly("joints");
            assertThat(shown(yes, 1)).as("the same end").isEqualTo(shown(no, 1));
            // What stands at a joint that is there is the text itself, but for white space.
            assertThat(withoutSpace(place(text, yes))).contains(withoutSpace(shown(yes, 1) + shown(yes, 4)));
            assertThat(withoutSpace(place(text, no)))
                    .contains(withoutSpace(shown(no, 1)))
                    .contains(withoutSpace(shown(no, 4)));
        }
    }

    @Test
    void aPassageThatDoesNotFollowIsNoNeighbourBehind() {
        String text = IntStream.range(0, 2_000)
                .mapToObj(i -> "Ship " + i + " left the harbour on a " + i * 7 + "th day.")
                .collect(Collectors.joining("\n"));
        List<Task> tasks = RuleTasks.of(TITLE, text).makeJoints(2_000, 200, new Random(1));
        assertThat(tasks).hasSize(200);
        List<Integer> ahead = new ArrayList<>();
        for (Task task : tasks) {
            String[] end = shown(task, 1).split("Ship ");
            int last = Integer.parseInt(end[end.length - 1].split(" ")[0]);
            int first = Integer.parseInt(shown(task, 4).split(" ")[1]);
            assertThat(first == last + 1).isEqualTo(task.answer().equals(Joint.YES));
            ahead.add(first - last);
        }
        assertThat(ahead).filteredOn(step -> step > 1).hasSizeBetween(35, 75);
        assertThat(ahead).filteredOn(step -> step < 0).hasSizeBetween(25, 65);
        List<Long> lengths = IntStream.range(0, 100)
                .mapToObj(i -> tasks.get(2 * i).span().length() / 2)
                .toList();
        assertThat(lengths).allMatch(length -> length <= 2_010);
        assertThat(lengths)
                .filteredOn(length -> length < 250)
                .as("near the end of the document")
                .hasSizeLessThan(10);
        assertThat(lengths).filteredOn(length -> length < 600).hasSizeBetween(20, 55);
        assertThat(lengths).filteredOn(length -> length > 1_000).hasSizeBetween(20, 55);
    }

    @Test
    void jointsComeInPairs() {
        RuleTasks rules = RuleTasks.of(TITLE, STORY);
        assertThatThrownBy(() -> rules.makeJoints(300, 5, new Random(1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(RuleTasks.of(TITLE, "").makeJoints(300, 4, new Random(1))).isEmpty();
        assertThat(RuleTasks.of(TITLE, "It froze. It thawed.").makeJoints(300, 4, new Random(1)))
                .as("of two passages none but the next could follow")
                .isEmpty();
    }

    private static String place(String text, Task task) {
        return text.substring((int) task.span().start(), (int) task.span().end());
    }

    /** A line of a question about a joint: 1 has the end and 4 the beginning. */
    private static String shown(Task task, int line) {
        return task.question().split("\n", -1)[line];
    }

    /** The passages that the question shows, in the order that the answer gives. */
    private static String reordered(Task task) {
        String shown = task.question();
        return withoutSpace(Arrays.stream(task.answer().split(" > "))
                .map(identifier -> {
                    int start = shown.indexOf("\n" + identifier + " ```") + identifier.length() + 5;
                    return shown.substring(start, shown.indexOf("```", start));
                })
                .collect(Collectors.joining()));
    }

    private static String option(Task task, char letter) {
        String question = task.question();
        int start = question.indexOf("\n" + letter + ". ") + 4;
        int end = letter == 'D' ? question.length() : question.indexOf("\n" + (char) (letter + 1) + ". ", start);
        return question.substring(start, end);
    }

    /** What stands in quotation marks, other than the title. */
    private static String term(Task task) {
        String[] parts = task.question().split("\"", -1);
        return IntStream.range(0, parts.length)
                .filter(i -> i % 2 == 1 && !parts[i].equals(TITLE))
                .mapToObj(i -> parts[i])
                .collect(Collectors.joining());
    }

    private static long holding(String term, List<Passage> sentences) {
        return sentences.stream()
                .filter(sentence -> Word.in(sentence.text()).stream()
                        .anyMatch(word -> word.text().equals(term)))
                .count();
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }
}
