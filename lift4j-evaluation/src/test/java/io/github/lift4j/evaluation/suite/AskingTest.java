package io.github.lift4j.evaluation.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.evaluation.TinyLift;
import io.github.lift4j.evaluation.benchmark.BenchmarkDocument;
import io.github.lift4j.evaluation.benchmark.BenchmarkQuestion;
import io.github.lift4j.evaluation.benchmark.Gold;
import io.github.lift4j.evaluation.benchmark.OfficialPrompt;
import io.github.lift4j.evaluation.run.Memories;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the tiny model has seen shows in how likely it finds the right answer: as likely as behind the same text, written
 * out by hand. Its template writes {@code <role>content} and a line's end for each message.
 */
class AskingTest {

    private static final Window WINDOW = Window.full(6);

    @TempDir
    private Path folder;

    private Lift lift;
    private Path data;

    @BeforeEach
    void open() throws IOException {
        lift = TinyLift.openWide(folder.resolve("wide"));
        data = SmallData.write(folder.resolve("data"));
    }

    @AfterEach
    void close() {
        lift.close();
    }

    @Test
    void looglesPromptStandsAroundTheDocument() {
        BenchmarkDocument document = SetFile.of(data, "loogle/longdep_qa").document("longdep_qa:1");
        List<Asking.Reply> replies = asked(document, document.questions(), "icl");
        String before = "<user>Please answer the question based on the long texts below. \n";
        assertThat(replies.getFirst().nll().orElseThrow())
                .isCloseTo(
                        nll(
                                "10 gulls",
                                before,
                                document.text(),
                                "\nQuestion: How many gulls on day 3?\nAnswer: \n<assistant>"),
                        within(1e-4));
        assertThat(replies.getLast().nll().orElseThrow())
                .isCloseTo(
                        nll(
                                document.questions().getLast().gold().text(),
                                before,
                                document.text(),
                                "\nQuestion: Order:\n1. day 9\n2. day 2\nAnswer: \n<assistant>"),
                        within(1e-4));
    }

    @Test
    void bamboosPromptHasASystemMessage() {
        BenchmarkDocument document = SetFile.of(data, "bamboo/showssort_4k").document("showssort_4k:1");
        OfficialPrompt prompt = document.questions().getFirst().prompt();
        assertThat(prompt.before()).startsWith("You are given 5 paragraphs").endsWith("\n\nChapters:\n");
        assertThat(asked(document, document.questions(), "icl"))
                .singleElement()
                .satisfies(reply -> assertThat(reply.nll().orElseThrow())
                        .isCloseTo(
                                nll(
                                        "[1] > [0] > [2]",
                                        "<system>You are a book editor who need to reorder shuffled paragraphs to the"
                                                + " original order in a chapter.\n<user>" + prompt.before(),
                                        document.text(),
                                        "\n\nGive the original order of the paragraphs before being shuffled, only give"
                                                + " the ordered identifiers [] > [] > [] > [] > []: \n<assistant>"),
                                within(1e-4)));
    }

    @Test
    void withoutTheDocumentOrWithEvidenceTheWordingIsTheProjects() {
        BenchmarkDocument document = SetFile.of(data, "loogle/longdep_qa").document("longdep_qa:1");
        List<BenchmarkQuestion> questions = document.questions().subList(0, 1);
        assertThat(asked(document, questions, "base").getFirst().nll().orElseThrow())
                .isCloseTo(
                        nll(
                                "10 gulls",
                                "<user>Answer this question about \"Log of gulls\" in a few words.\n\n",
                                "How many gulls on day 3?\n<assistant>"),
                        within(1e-4));
        Memory memory = memory(document);
        for (String mode : List.of("rag:gold", "evidence+icl:gold")) {
            Way way = Way.parse(mode, "");
            Evidence gold = new Evidence.Given(question -> List.of("On day 3 the crew counted 10 gulls."));
            try (Answerer answerer = lift.answerer(memory, way.mode(), WINDOW, gold)) {
                assertThat(asked(document, questions, mode)).singleElement().satisfies(reply -> {
                    assertThat(reply.nll().orElseThrow())
                            .isEqualTo(answerer.score("How many gulls on day 3?", "10 gulls"));
                    assertThat(reply.evidence()).containsExactly("On day 3 the crew counted 10 gulls.");
                });
            }
        }
    }

    @Test
    void passagesArePutIntoTheOrderWhoseJointsAreTheLikeliest() {
        BenchmarkDocument document = SetFile.of(data, "bamboo/showssort_4k").document("showssort_4k:1");
        List<String> passages = List.of("Then it rained on 0.", "At first it was dry.", "In the end it snowed.");
        assertThat(document.questions().getFirst().passages()).isEqualTo(passages);
        double[][] odds = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                String[] prompt = {
                    "<user>Answer this question about \"showssort_4k:1\" in a few words.\n\nA passage of a text ends like"
                            + " this:\n" + passages.get(i) + "\n\nAnother passage of the text begins like this:\n"
                            + passages.get(j)
                            + "\n\nDoes the second passage follow right after the first? Answer yes or"
                            + " no.\n<assistant>"
                };
                odds[i][j] = sum("No", prompt) - sum("Yes", prompt);
            }
        }
        double best = Double.NEGATIVE_INFINITY;
        String expected = "";
        for (int[] order : new int[][] {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
            double all = odds[order[0]][order[1]] + odds[order[1]][order[2]];
            if (all > best) {
                best = all;
                expected = "[%d] > [%d] > [%d]".formatted(order[0], order[1], order[2]);
            }
        }
        assertThat(asked(document, document.questions(), "icl:joints"))
                .containsExactly(new Respondent.Reply(expected, OptionalDouble.empty(), List.of()));
        List<BenchmarkQuestion> twice =
                List.of(document.questions().getFirst(), document.questions().getFirst());
        assertThat(asked(document, twice, "icl:joints"))
                .extracting(Respondent.Reply::answer)
                .containsExactly(expected, expected);
    }

    @Test
    void promptsThatBeginOtherwiseAreAskedInTheirOwnAndKeepTheirPlaces() {
        List<BenchmarkQuestion> questions = Stream.of(
                        new OfficialPrompt("", "Read:\n", "\nWho? "),
                        new OfficialPrompt("You sort.", "Read:\n", "\nWhere? "),
                        new OfficialPrompt("", "Look:\n", "\nWhen? "),
                        new OfficialPrompt("", "Read:\n", "\nWhy? "),
                        new OfficialPrompt("You sort.", "Read:\n", "\nWho? "))
                .map(prompt ->
                        new BenchmarkQuestion("?", new Gold.Texts(List.of("Ada")), List.of(), "any", prompt, List.of()))
                .toList();
        BenchmarkDocument document = new BenchmarkDocument("d", "Boats", "Ada sailed to Gannet.", questions);
        assertThat(asked(document, questions, "icl"))
                .extracting(reply -> reply.nll().orElseThrow())
                .doesNotHaveDuplicates()
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-4 ? 0 : Double.compare(a, b))
                .containsExactlyElementsOf(questions.stream()
                        .map(question -> asked(document, List.of(question), "icl")
                                .getFirst()
                                .nll()
                                .orElseThrow())
                        .toList());
    }

    private List<Asking.Reply> asked(BenchmarkDocument document, List<BenchmarkQuestion> questions, String mode) {
        return new Asking(lift, memory(document), WINDOW).each(questions, Way.parse(mode, ""));
    }

    private Memory memory(BenchmarkDocument document) {
        return new Memories(lift, folder.resolve("work")).of(document.title(), document.text(), Optional.empty());
    }

    /** Of an answer behind a prompt, whose pieces are tokenised each by itself: the mean of its tokens. */
    private double nll(String answer, String... pieces) {
        return sum(answer, pieces) / lift.model().tokenizer().encode(answer).length;
    }

    /** The same, summed. */
    private double sum(String answer, String... pieces) {
        Tokenizer tokenizer = lift.model().tokenizer();
        try (Context context = new Context(lift.model().transformer(), Adaptation.NONE)) {
            for (String piece : pieces) {
                context.read(tokenizer.encode(piece));
            }
            return Arrays.stream(context.score(tokenizer.encode(answer))).sum();
        }
    }
}
