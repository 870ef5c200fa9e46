package io.github.lift4j.evaluation.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lift4j.engine.LiftException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of our own in each set's format. */
class BenchmarkReaderTest {

    @TempDir
    Path folder;

    @Test
    void readsLooglesQuestions() throws IOException {
        BenchmarkDocument document = only("longdep_qa.jsonl", """
                {"input": "Ada's {Q} boat.", "title": "Boats", "output": "None", "qa_pairs": "[{'Q': \\"Whose boat?\\", 'A': 'Ada\\\\'s', 'type': 'computation', 'S': ['Ada', 'boat']}, {'Q': 'How many?', 'A': 3, 'S': 'one', 'type': 'timeline_reorder'}]"}
                """);

        assertThat(document.id()).isEqualTo("longdep_qa:1");
        assertThat(document.title()).isEqualTo("Boats");
        assertThat(document.questions()).hasSize(2);
        BenchmarkQuestion question = document.questions().getFirst();
        assertThat(question.question()).isEqualTo("Whose boat?");
        assertThat(question.gold()).isEqualTo(new Gold.Texts(List.of("Ada's")));
        assertThat(question.evidence()).containsExactly("Ada", "boat");
        assertThat(question.kind()).isEqualTo("computation");
        assertThat(question.prompt().around(document.text()))
                .isEqualTo("Please answer the question based on the long texts below. \nAda's {Q} boat.\n"
                        + "Question: Whose boat?\nAnswer: ");
        assertThat(document.questions().getLast().gold().text()).isEqualTo("3");
        assertThat(document.questions().getLast().evidence()).containsExactly("one");
    }

    @Test
    void readsLooglesClozes() throws IOException {
        BenchmarkDocument document = only("shortdep_cloze.jsonl", """
                {"input": "text", "title": "t", "output": "None", "qa_pairs": "[{'Q': '<mask-0> sailed.', 'S': 'Ada sailed.', 'A': {'<mask-0>': 'Ada'}}]"}
                """);

        BenchmarkQuestion question = document.questions().getFirst();
        assertThat(question.gold()).isEqualTo(new Gold.Masks(new LinkedHashMap<>(Map.of("<mask-0>", "Ada"))));
        assertThat(question.gold().text()).isEqualTo("{\"<mask-0>\":\"Ada\"}");
        assertThat(question.prompt().before()).contains("for example: {'<mask-0>': 'Bob'");
        assertThat(question.question()).contains("<mask-0> sailed. What are the masked entities?");
    }

    @Test
    void readsLooglesSummaries() throws IOException {
        BenchmarkDocument document = only("longdep_summarization.jsonl", """
                {"input": "paper", "title": "2201.00447", "output": "abstract", "question": "none", "qa_pairs": "none"}
                """);

        assertThat(document.questions()).hasSize(1);
        assertThat(document.questions().getFirst().gold().text()).isEqualTo("abstract");
        assertThat(document.questions().getFirst().prompt().around("paper"))
                .isEqualTo("Please generate a summary of the below paper. \npaper\n Summarization: ");
    }

    @Test
    void readsBamboosSorting() throws IOException {
        BenchmarkDocument paragraphs =
                only("showssort_4k.jsonl", "{\"content\": [\"b\", \"c\", \"a\"], \"answer\": [2, 0, 1]}");
        assertThat(paragraphs.text()).isEqualTo("[0] ```b```\n[1] ```c```\n[2] ```a```");
        assertThat(paragraphs.questions().getFirst().gold()).isEqualTo(new Gold.Order(List.of(2, 0, 1)));
        assertThat(paragraphs.questions().getFirst().gold().text()).isEqualTo("[2] > [0] > [1]");
        assertThat(paragraphs.questions().getFirst().prompt().system()).startsWith("You are a book editor");

        BenchmarkDocument events = only(
                "reportsumsort_4k.jsonl",
                "{\"content\": \"report\", \"summaries\": [\"late\", \"early\"], \"answer\": [1, 0]}");
        assertThat(events.text()).isEqualTo("report");
        assertThat(events.questions().getFirst().question()).contains("[0] ```late```\n[1] ```early```");
        assertThat(events.questions().getFirst().prompt().around("report"))
                .contains("Long text:\nreport\nEvents: [0] ```late```");
    }

    @Test
    void readsBamboosOtherTasks() throws IOException {
        BenchmarkQuestion choice = only(
                        "paperqa_4k.jsonl",
                        "{\"content\": \"p\", \"question\": \"Why?\", \"options\": [\"A. x\", \"B. y\"], \"answer\": \"B\","
                                + " \"evidence\": \"e\"}")
                .questions()
                .getFirst();
        assertThat(choice.gold()).isEqualTo(new Gold.Choice('B', List.of("A. x", "B. y")));
        assertThat(choice.question()).startsWith("Why?\nOptions: A. x\tB. y\n");
        assertThat(choice.evidence()).containsExactly("e");
        assertThat(only(
                                "meetingqa_4k.jsonl",
                                "{\"content\": \"p\", \"question\": \"Why?\", \"options\": [\"A. x B. y\"], \"answer\": \"B\"}")
                        .questions()
                        .getFirst()
                        .gold()
                        .text())
                .as("options in one text, as in some published lines")
                .isEqualTo("B");

        BenchmarkQuestion verdict = only(
                        "senhallu_4k.jsonl",
                        "{\"title\": \"t\", \"content\": \"p\", \"hypothesis\": \"h\", \"answer\": false}")
                .questions()
                .getFirst();
        assertThat(verdict.gold()).isEqualTo(new Gold.Verdict(false));
        assertThat(verdict.gold().text()).isEqualTo("No.");

        assertThat(only("showspred_4k.jsonl", "{\"content\": \"said by \", \"answer\": \"Ada\"}")
                        .questions()
                        .getFirst()
                        .gold()
                        .text())
                .isEqualTo("Ada");
    }

    @Test
    void partsAQuestionFromItsDocumentOnEitherSide() throws IOException {
        for (String content : List.of(
                "Answer.\n\nDocument:\nthe text\n\nQuestion:\nwhen was it",
                "Answer.\n\nQuestion:\nwhen was it\n\nDocument:\nthe text")) {
            BenchmarkDocument document = only(
                    "altqa_4k.jsonl", "{\"content\": \"" + content.replace("\n", "\\n") + "\", \"answer\": \"1964\"}");
            assertThat(document.text()).isEqualTo("the text");
            assertThat(document.questions().getFirst().question()).startsWith("when was it\n");
            assertThat(document.questions().getFirst().prompt().around(document.text()))
                    .isEqualTo(
                            content + "\n\nYou should only give an number as the answer, without any explanations and"
                                    + " other words.\nAnswer: ");
        }
    }

    @Test
    void readsLongBenchAndQuality() throws IOException {
        BenchmarkDocument trec = only(
                "trec.jsonl",
                "{\"input\": \"q\", \"context\": \"c\", \"answers\": [\"Food\"], \"all_classes\": [\"Food\", \"Animal\"],"
                        + " \"_id\": \"x7\", \"dataset\": \"trec\", \"language\": \"en\", \"length\": 1}");
        assertThat(trec.id()).isEqualTo("x7");
        assertThat(trec.questions().getFirst().gold()).isEqualTo(new Gold.Label("Food", List.of("Food", "Animal")));
        assertThat(only(
                                "musique.jsonl",
                                "{\"input\": \"q\", \"context\": \"c\", \"answers\": [\"a\", \"b\"], \"all_classes\": null}")
                        .questions()
                        .getFirst()
                        .gold())
                .isEqualTo(new Gold.Texts(List.of("a", "b")));

        BenchmarkDocument quality = only(
                "QuALITY.v1.0.1.htmlstripped.dev",
                "{\"article_id\": \"52845\", \"title\": \"T\", \"article\": \"text\", \"questions\": [{\"question\": \"Who?\","
                        + " \"options\": [\"p\", \"q\", \"r\", \"s\"], \"gold_label\": 3, \"difficult\": 1}]}");
        assertThat(quality.id()).isEqualTo("52845");
        assertThat(quality.questions().getFirst().kind()).isEqualTo("hard");
        assertThat(quality.questions().getFirst().gold())
                .isEqualTo(new Gold.Choice('C', List.of("A. p", "B. q", "C. r", "D. s")));
    }

    @Test
    void readsQmsumsMeetings() throws IOException {
        Path file = Files.createDirectories(folder.resolve("qmsum")).resolve("test.jsonl");
        Files.writeString(
                file,
                "{\"topic_list\": [], \"general_query_list\": [{\"query\": \"Summarize.\", \"answer\": \"They met.\"}],"
                        + " \"specific_query_list\": [{\"query\": \"What did B say?\", \"answer\": \"Hello.\","
                        + " \"relevant_text_span\": [[\"1\", \"2\"]]}], \"meeting_transcripts\": [{\"speaker\": \"A\","
                        + " \"content\": \"Um {disfmarker} hi.\"}, {\"speaker\": \"B\", \"content\": \"Hello.\"},"
                        + " {\"speaker\": \"A\", \"content\": \"Bye {comment}.\"}]}\n{\"meeting_transcripts\": []}\n");
        try (BenchmarkReader reader = BenchmarkReader.open(file)) {
            assertThat(reader.task().name()).isEqualTo("qmsum_meetings");
            BenchmarkDocument meeting = reader.next();
            assertThat(meeting.text()).isEqualTo("A: Um hi.\nB: Hello.\nA: Bye {comment}.");
            assertThat(meeting.questions()).extracting(BenchmarkQuestion::kind).containsExactly("general", "specific");
            assertThat(meeting.questions().getLast().evidence()).containsExactly("B: Hello.\nA: Bye {comment}.");
            assertThat(meeting.questions().getLast().prompt().around("X"))
                    .contains("X")
                    .contains("What did B say?");
            assertThat(reader.hasNext()).isFalse();
            assertThat(reader.badLines()).hasSize(1);
        }
        assertThat(BenchmarkTask.ofFile(Path.of("longbench/qmsum.jsonl"))
                        .orElseThrow()
                        .benchmark())
                .isEqualTo("LongBench");
        assertThat(BenchmarkTask.ofFile(Path.of("elsewhere/test.jsonl"))).isEmpty();
    }

    @Test
    void makesTimelinesOfLooglesLongQuestions() throws IOException {
        write("longdep_qa.jsonl", """
                {"input": "The doc.", "title": "T", "output": "None", "qa_pairs": "[{'Q': 'Why?', 'A': 'So.', 'type': 'computation', 'S': []}]"}
                {"input": "The doc.", "title": "T", "output": "None", "qa_pairs": "[{'Q': 'Order these:\\\\n1. It fell.\\\\n2.It rose.', 'A': '2,1', 'type': 'timeline_reorder', 'S': ['It rose in 1900.']}, {'Q': 'Order:\\\\nI. a\\\\nII. b\\\\nIII. c', 'A': 'III,I,II', 'type': 'timeline_reorder', 'S': []}, {'Q': 'What came first?', 'A': '1900', 'type': 'timeline_reorder', 'S': []}]"}
                """);
        try (BenchmarkReader reader = BenchmarkReader.open(folder.resolve("loogle_timeline.jsonl"))) {
            BenchmarkDocument document = reader.next();
            assertThat(document.id()).isEqualTo("longdep_qa:2");
            assertThat(document.questions()).hasSize(2);
            BenchmarkQuestion question = document.questions().getFirst();
            assertThat(question.gold()).isEqualTo(new Gold.Order(List.of(1, 0)));
            assertThat(question.question())
                    .startsWith("Order these:\n[0] ```It fell.```\n[1] ```It rose.```\nGive the order of the 2 events");
            assertThat(document.questions().getLast().gold()).isEqualTo(new Gold.Order(List.of(2, 0, 1)));
            assertThat(reader.hasNext()).isFalse();
            assertThat(reader.badLines()).isEmpty();
        }
    }

    @Test
    void makesASortingTaskOfEachOfQualitysStories() throws IOException {
        String story = IntStream.range(0, 100)
                .mapToObj(i -> "On day " + i + " they walked.")
                .collect(Collectors.joining(" "));
        String line = "{\"article_id\": \"7\", \"set_unique_id\": \"7_%s\", \"title\": \"T\", \"article\": \"%s\","
                + " \"questions\": [{\"question\": \"Who?\", \"options\": [\"p\", \"q\"], \"gold_label\": 1}]}\n";
        Files.writeString(
                folder.resolve("QuALITY.v1.0.1.htmlstripped.dev"),
                line.formatted("A", story)
                        + line.formatted("B", story)
                        + line.formatted("C", "Short.").replace("\"7\"", "\"8\""));
        try (BenchmarkReader reader = BenchmarkReader.open(folder.resolve("quality_sorting.jsonl"))) {
            BenchmarkQuestion question = reader.next().questions().getFirst();
            assertThat(reader.hasNext())
                    .as("an article comes once, a short one not at all")
                    .isFalse();
            List<Integer> order = ((Gold.Order) question.gold()).order();
            List<Integer> days = order.stream()
                    .map(i -> Integer.parseInt(question.question()
                            .split("\\[" + i + "] ```On day ")[1]
                            .split(" ")[0]))
                    .toList();
            assertThat(days).isSorted().hasSize(5);
            assertThat(order)
                    .extracting(question.passages()::get)
                    .allSatisfy(passage -> assertThat(story).contains(passage))
                    .extracting(passage -> Integer.parseInt(passage.split(" ")[2]))
                    .isEqualTo(days);
        }
        try (BenchmarkReader reader = BenchmarkReader.open(folder.resolve("quality.jsonl"))) {
            assertThat(ids(reader)).containsExactly("7_A", "7_B", "7_C");
        }
    }

    @Test
    void remembersBadLinesAndGoesOn() throws IOException {
        Path file = write("showssort_4k.jsonl", """
                {"content": ["b", "a"], "answer": [1, 0]}
                {"content": ["b", "a"]

                {"content": ["b", "a"], "answer": [1, 1]}
                {"content": ["b", "a"], "answer": [0, 1]}
                """);
        try (BenchmarkReader reader = BenchmarkReader.open(file)) {
            assertThat(ids(reader)).containsExactly("showssort_4k:1", "showssort_4k:5");
            assertThat(reader.badLines()).extracting(BadLine::line).containsExactly(2L, 4L);
            assertThat(reader.badLines().getFirst()).asString().contains(file + ", line 2: invalid JSON");
            assertThat(reader.badLines().getLast()).asString().contains("[1, 1] is no order");
            assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void refusesAnotherSetsFile() throws IOException {
        Path file = write("longdep_qa.jsonl", "{\"content\": \"x\"}\n{\"qa_pairs\": \"[\"}\n");
        try (BenchmarkReader reader = BenchmarkReader.open(file)) {
            assertThatThrownBy(reader::hasNext)
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("No line of " + file)
                    .hasMessageContaining("'qa_pairs' is missing");
        }
    }

    @Test
    void refusesWhatIsNoFileOfABenchmark() throws IOException {
        assertThatThrownBy(() -> BenchmarkReader.open(folder.resolve("longdep_qa.jsonl")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("LooGLE's own repository");
        assertThatThrownBy(() -> BenchmarkReader.open(write("notes.jsonl", "{}")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("notes.jsonl");
        Path latin = Files.write(folder.resolve("musique.jsonl"), "é".getBytes(StandardCharsets.ISO_8859_1));
        try (BenchmarkReader reader = BenchmarkReader.open(latin)) {
            assertThatThrownBy(reader::hasNext)
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("not UTF-8");
        }
    }

    @Test
    void tellsTasksByTheirNames() {
        assertThat(BenchmarkTask.ofFile(Path.of("x/paperqa_16k.jsonl")).map(BenchmarkTask::name))
                .contains("paperqa");
        assertThat(BenchmarkTask.named("gov_report").answerTokens()).isEqualTo(512);
        assertThat(BenchmarkTask.all())
                .extracting(BenchmarkTask::name)
                .doesNotHaveDuplicates()
                .hasSize(33);
        assertThatThrownBy(() -> BenchmarkTask.named("nonsense"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("longdep_qa");
    }

    static List<String> ids(BenchmarkReader reader) {
        List<String> ids = new ArrayList<>();
        reader.forEachRemaining(document -> ids.add(document.id()));
        return ids;
    }

    private BenchmarkDocument only(String name, String lines) throws IOException {
        try (BenchmarkReader reader = BenchmarkReader.open(write(name, lines))) {
            BenchmarkDocument document = reader.next();
            assertThat(reader.hasNext()).isFalse();
            assertThat(reader.badLines()).isEmpty();
            return document;
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
