package io.github.lift4j.remote;

import static io.github.lift4j.remote.FakeProvider.job;
import static io.github.lift4j.remote.FakeProvider.jobs;
import static io.github.lift4j.remote.FakeProvider.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.document.Document;
import io.github.lift4j.document.Span;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.prompt.Frame;
import io.github.lift4j.remote.FakeProvider.Request;
import io.github.lift4j.remote.FakeProvider.Response;
import io.github.lift4j.segment.Segmentation;
import io.github.lift4j.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FineTuningTest {

    private static final String FILES = "POST /v1/files";
    private static final String CREATE = "POST /v1/fine_tuning/jobs";
    private static final String LIST = "GET /v1/fine_tuning/jobs";
    private static final String RETRIEVE = "GET /v1/fine_tuning/jobs/job-1";
    private static final String EVENTS = "GET /v1/fine_tuning/jobs/job-1/events";
    private static final String CANCEL = "POST /v1/fine_tuning/jobs/job-1/cancel";
    private static final String CHAT = "POST /v1/chat/completions";
    private static final String TUNED = "ft:gpt-3.5-turbo:org:gull:1";

    private static final String TEXT = "The harbour of Kell lies under Mount Gannet. "
            + "Its lighthouse was built by Ada Brenn in the year of the great storm, and it is red.";
    private static final List<Task> TASKS =
            List.of(new Task("Who built it?", "Ada Brenn \"the {title}\"", new Span(0, 5), "questions"));
    private static final FineTuningPlan PLAN = new FineTuningPlan(
            "gpt-3.5-turbo",
            3,
            "gull",
            7,
            new Segmentation(60, 40),
            TokenCounter.ENGLISH,
            new Tariff(0, 0, 8_000_000, 10));

    private final FakeProvider provider = new FakeProvider();
    private final Document document = Document.of("Kell", TEXT);

    @TempDir
    Path temporary;

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void trainsAndAnswersInAllModes() {
        provides("running", "succeeded");
        List<String> heard = new ArrayList<>();
        Progress progress =
                (activity, done, total, detail) -> heard.add(activity + " " + done + "/" + total + " " + detail);

        assertThat(train(FineTuningTest::yes, progress)).isEqualTo(TUNED);

        assertThat(provider.order()).containsExactly(FILES, LIST, CREATE, RETRIEVE, EVENTS, RETRIEVE);
        assertThat(heard)
                .contains("Fine-tuning gpt-3.5-turbo 3/12 running, Step 3/12: training loss=0.5")
                .contains("Uploading the training file 1/1 ");
        assertThat(provider.pauses).containsExactly(Duration.ofSeconds(15));

        provider.always(
                CHAT, request -> said("by " + request.json().path("model").asText()));
        try (ClosedModel model = opened(4000)) {
            Answer icl = model.ask("Who built it?", Mode.ICL, 20);
            Answer lift = model.ask("Who built it?", Mode.LIFT, 20);
            Answer both = model.ask("Who built it?", Mode.LIFT_ICL, 20);

            assertThat(model.name()).isEqualTo(TUNED);
            assertThat(icl.answer()).isEqualTo("by gpt-3.5-turbo");
            assertThat(lift.answer()).isEqualTo("by " + TUNED);
            assertThat(both.answer()).isEqualTo("by " + TUNED);
            assertThat(lift.promptTokens()).isEqualTo(11);
            assertThat(lift.answerTokens()).isEqualTo(7);
            assertThat(lift.mode()).isEqualTo(Mode.LIFT);
        }
        List<String> asked = provider.requests(CHAT).stream()
                .map(request -> request.json().at("/messages/0/content").asText())
                .toList();
        assertThat(asked.get(0)).contains("\"Kell\"", TEXT, "Who built it?");
        assertThat(asked.get(1)).contains("\"Kell\"", "Who built it?").doesNotContain("harbour");
        assertThat(asked.get(2)).isEqualTo(asked.get(0));
    }

    @Test
    void asksTheTunedModelAsItWasTrained() throws IOException {
        provides("succeeded");
        train(FineTuningTest::yes, Progress.SILENT);
        provider.always(CHAT, request -> said("yes"));
        try (ClosedModel model = opened(4000)) {
            model.ask("Who built it?", Mode.LIFT, 20);
        }

        List<JsonNode> examples = training();
        assertThat(provider.requests(CHAT).getFirst().json().at("/messages/0/content"))
                .isEqualTo(examples.getLast().at("/messages/0/content"));
    }

    @Test
    void trainsOnSegmentsThatCoverTheTextAndOnTasks() throws IOException {
        provides("succeeded");
        train(FineTuningTest::yes, Progress.SILENT);

        List<JsonNode> examples = training();
        List<JsonNode> recited = examples.subList(0, examples.size() - 1);
        assertThat(examples)
                .allSatisfy(example -> assertThat(example.path("messages").findValuesAsText("role"))
                        .containsExactly("user", "assistant"));
        assertThat(recited).hasSize(3);
        assertThat(recited.getFirst().at("/messages/0/content").asText())
                .isEqualTo("Recite part 1 of 3 of the text of \"Kell\" word for word.");
        int covered = 0;
        for (JsonNode example : recited) {
            String segment = example.at("/messages/1/content").asText();
            int at = TEXT.indexOf(segment);
            // The space between two segments belongs to neither.
            assertThat(at).isBetween(0, covered + 1);
            covered = at + segment.length();
        }
        assertThat(covered).isEqualTo(TEXT.length());
        assertThat(examples.getLast().at("/messages/1/content").asText()).isEqualTo("Ada Brenn \"the {title}\"");
    }

    @Test
    void sendsTheFileAndTheSettings() throws IOException {
        provides("succeeded");
        train(FineTuningTest::yes, Progress.SILENT);

        Request upload = provider.requests(FILES).getFirst();
        assertThat(upload.headers().get("content-type")).startsWith("multipart/form-data; boundary=");
        assertThat(upload.body())
                .contains("name=\"purpose\"", "fine-tune", "filename=\"training.jsonl\"")
                .contains(Files.readString(folder().resolve("training.jsonl")));
        JsonNode create = provider.requests(CREATE).getFirst().json();
        assertThat(create.path("model").asText()).isEqualTo("gpt-3.5-turbo");
        assertThat(create.path("training_file").asText()).isEqualTo("file-1");
        assertThat(create.path("suffix").asText()).isEqualTo("gull");
        assertThat(create.path("seed").asInt()).isEqualTo(7);
        assertThat(create.at("/method/type").asText()).isEqualTo("supervised");
        assertThat(create.at("/method/supervised/hyperparameters/n_epochs").asInt())
                .isEqualTo(3);
    }

    @Test
    void uploadsNothingWithoutConfirmation() {
        AtomicReference<CostEstimate> told = new AtomicReference<>();
        Predicate<CostEstimate> no = estimate -> {
            told.set(estimate);
            return false;
        };

        assertThatThrownBy(() -> train(no, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("was not confirmed");
        assertThat(provider.requests).isEmpty();
        assertThat(told.get().trainedTokens()).isPositive().matches(tokens -> tokens % 3 == 0);
        assertThat(told.get().price()).isEqualTo(8.0 * told.get().trainedTokens());
        assertThat(told.get().seconds()).isEqualTo(told.get().trainedTokens() / 10.0);
        assertThatThrownBy(() -> resume())
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("Nothing was uploaded");

        provides("succeeded");
        assertThat(train(FineTuningTest::yes, Progress.SILENT)).isEqualTo(TUNED);
    }

    @Test
    void doesNotUploadTwiceWhenItDiedBetweenUploadAndJob() {
        provides("succeeded");
        provider.next(CREATE, Response.error(400, "try later"));
        assertThatThrownBy(() -> train(FineTuningTest::yes, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("400: try later");
        assertThat(state().path("status").asText()).isEqualTo("uploaded");
        assertThat(state().path("file_id").asText()).isEqualTo("file-1");

        Predicate<CostEstimate> unasked = estimate -> {
            throw new AssertionError("it was confirmed before");
        };
        assertThat(train(unasked, Progress.SILENT)).isEqualTo(TUNED);
        assertThat(provider.requests(FILES)).hasSize(1);
        assertThat(provider.requests(CREATE)).hasSize(2);
    }

    @Test
    void findsTheJobWhoseAnswerWasLost() {
        provides("succeeded");
        provider.next(CREATE, Response.html(502));
        provider.next(
                LIST,
                jobs(job("job-0", "file-1", "failed", null, "null"), job("job-9", "file-9", "running", null, "null")),
                jobs(job("job-1", "file-1", "queued", null, "null")));

        assertThat(train(FineTuningTest::yes, Progress.SILENT)).isEqualTo(TUNED);
        assertThat(provider.requests(CREATE)).hasSize(1);
    }

    @Test
    void createsAJobWhereTheEndpointHasNoList() {
        provides("succeeded");
        provider.always(LIST, request -> Response.error(404, "unknown path"));
        provider.always(EVENTS, request -> Response.error(404, "unknown path"));

        assertThat(train(FineTuningTest::yes, Progress.SILENT)).isEqualTo(TUNED);
    }

    @Test
    void resumesFromTheFolderAlone() {
        provides("running");
        provider.next(RETRIEVE, Response.error(403, "not now"));
        assertThatThrownBy(() -> train(FineTuningTest::yes, Progress.SILENT)).hasMessageContaining("not now");
        assertThat(state().path("job_id").asText()).isEqualTo("job-1");
        assertThatThrownBy(() -> opened(4000))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("is not done (it is validating_files): resume it first");

        provides("running", "succeeded");
        assertThat(resume()).isEqualTo(TUNED);
        assertThat(provider.requests(FILES)).hasSize(1);
        assertThat(provider.requests(CREATE)).hasSize(1);
        int sent = provider.requests.size();
        assertThat(resume()).isEqualTo(TUNED);
        assertThat(provider.requests).hasSize(sent);
    }

    @Test
    void goesOnAfterAnInterruption() throws InterruptedException {
        provides("running");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Patience waiting = new Patience(
                Duration.ofSeconds(1),
                new java.util.Random(1),
                java.time.Clock.systemUTC(),
                pause -> Thread.sleep(50_000));
        Thread thread = Thread.ofPlatform().start(() -> {
            try (FineTuning tuning = new FineTuning(new Connection(provider.endpoint(), waiting), folder())) {
                tuning.train(document, TASKS, PLAN, FineTuningTest::yes, Progress.SILENT);
            } catch (LiftException e) {
                thrown.set(e);
            }
        });
        while (provider.requests(EVENTS).isEmpty()) {
            Thread.sleep(10);
        }
        Thread.sleep(100);
        thread.interrupt();
        thread.join(Duration.ofSeconds(10));

        assertThat(thread.isAlive()).isFalse();
        assertThat(thrown.get()).hasMessageContaining("Interrupted while waiting for the job job-1");
        provides("succeeded");
        assertThat(resume()).isEqualTo(TUNED);
        assertThat(provider.requests(CREATE)).hasSize(1);
    }

    @Test
    void passesOnWhyAJobFailedAndAsksBeforeMakingAnother() {
        provides("running");
        provider.always(
                RETRIEVE,
                request -> Response.json(
                        200,
                        job(
                                "job-1",
                                "file-1",
                                "failed",
                                null,
                                "{\"code\":\"invalid_training_file\",\"param\":\"training_file\",\"message\":\"The file"
                                        + " has 4 examples, at least 10 are needed.\"}")));
        assertThatThrownBy(() -> train(FineTuningTest::yes, Progress.SILENT))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("job-1", "Kell", "failed")
                .hasMessageContaining("at least 10 are needed");
        assertThat(state().path("status").asText()).isEqualTo("failed");
        assertThatThrownBy(() -> resume()).isInstanceOf(LiftException.class).hasMessageContaining("ended as failed");

        assertThatThrownBy(() -> train(estimate -> false, Progress.SILENT)).hasMessageContaining("was not confirmed");
        assertThat(provider.requests(CREATE)).hasSize(1);
        provides("succeeded");
        assertThat(train(FineTuningTest::yes, Progress.SILENT)).isEqualTo(TUNED);
        assertThat(provider.requests(FILES)).hasSize(1);
        assertThat(provider.requests(CREATE)).hasSize(2);
    }

    @Test
    void cancelsTheJob() {
        provides("running");
        provider.next(RETRIEVE, Response.error(403, "not now"));
        assertThatThrownBy(() -> train(FineTuningTest::yes, Progress.SILENT)).isInstanceOf(LiftException.class);
        provider.always(CANCEL, request -> Response.json(200, job("job-1", "file-1", "cancelled", null, "null")));

        try (FineTuning tuning = new FineTuning(provider.connection(), folder())) {
            tuning.cancel();
            assertThat(state().path("status").asText()).isEqualTo("cancelled");
            assertThatThrownBy(tuning::cancel)
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("nothing to cancel");
        }
        assertThat(provider.requests(CANCEL)).hasSize(1);
    }

    @Test
    void doesNotMixTwoDocumentsInAFolder() {
        provides("succeeded");
        train(FineTuningTest::yes, Progress.SILENT);

        try (FineTuning tuning = new FineTuning(provider.connection(), folder())) {
            Document other = Document.of("Kell", TEXT + " More.");
            assertThatThrownBy(() -> tuning.train(other, TASKS, PLAN, FineTuningTest::yes, Progress.SILENT))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("holds another fine-tuning");
        }
        assertThat(folder().resolve("training.jsonl.new")).doesNotExist();
        assertThat(provider.requests(FILES)).hasSize(1);
    }

    @Test
    void refusesAnotherProvidersFolder() {
        provides("succeeded");
        train(FineTuningTest::yes, Progress.SILENT);

        assertThatThrownBy(() -> ClosedModel.open(
                        Endpoint.of("http://127.0.0.1:1/v1", "k"), folder(), window(100), provider.patience()))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("was begun at " + provider.endpoint());
    }

    @Test
    void keepsTheKeyOutOfTheFolder() throws IOException {
        provides("succeeded");
        train(FineTuningTest::yes, Progress.SILENT);
        try (var files = Files.walk(folder())) {
            assertThat(files.filter(Files::isRegularFile).toList())
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("sk-secret"));
        }
    }

    @Test
    void putsHeadAndTailIntoASmallWindowAndDoesNotPayForAQuestionTwice() {
        provides("succeeded");
        train(FineTuningTest::yes, Progress.SILENT);
        provider.always(CHAT, request -> said("yes"));
        try (ClosedModel model = opened(160)) {
            model.ask("Who built it?", Mode.ICL, 20);
            model.ask("Who built it?", Mode.ICL, 20);
        }
        assertThat(provider.requests(CHAT)).hasSize(1);
        String asked = provider.requests(CHAT)
                .getFirst()
                .json()
                .at("/messages/0/content")
                .asText();
        assertThat(asked).contains("The h", "\n\n[...]\n\n", "d.").doesNotContain("lighthouse");
        assertThat(TokenCounter.ENGLISH.count(asked) + 20).isLessThanOrEqualTo(160);
        try (ClosedModel model = opened(100)) {
            assertThatThrownBy(() -> model.ask("Who built it?", Mode.ICL, 20))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("leaves no room for the document in a window of 100");
        }
    }

    @Test
    void estimatesWhatIsToBeConfirmedUntilItIs() {
        provides("succeeded");
        AtomicReference<CostEstimate> asked = new AtomicReference<>();
        CostEstimate before = FineTuning.estimate(folder(), document, TASKS, PLAN);
        assertThat(folder()).doesNotExist();
        assertThat(provider.requests).isEmpty();
        train(
                estimate -> {
                    asked.set(estimate);
                    return true;
                },
                Progress.SILENT);
        assertThat(before).isEqualTo(asked.get());
        assertThat(before.price()).isPositive();
        assertThat(FineTuning.estimate(folder(), document, TASKS, PLAN)).isEqualTo(CostEstimate.NONE);
    }

    @Test
    void aModelThatAbsorbedNothingAnswersWithoutLift() {
        provider.always(
                CHAT, request -> said("by " + request.json().path("model").asText()));
        try (ClosedModel model = untuned(4000)) {
            assertThat(model.name()).isEqualTo("gpt-3.5-turbo");
            assertThat(model.ask("Who built it?", Mode.ICL, 20).answer()).isEqualTo("by gpt-3.5-turbo");
            assertThat(model.ask("Who built it?", Mode.BASE, 20).answer()).isEqualTo("by gpt-3.5-turbo");
            assertThatThrownBy(() -> model.ask("Who built it?", Mode.LIFT, 20))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("has not absorbed \"Kell\"");
        }
        assertThat(provider.requests(CHAT).getFirst().body()).contains("Mount Gannet");
        try (ClosedModel again = untuned(4000)) {
            again.ask("Who built it?", Mode.ICL, 20);
        }
        assertThat(provider.requests(CHAT)).hasSize(2);
    }

    @Test
    void asksInSomeoneElsesWords() {
        provider.always(CHAT, request -> said("Ada Brenn"));
        try (ClosedModel model = untuned(4000)) {
            Answer answer = model.ask("\nWho? ", Mode.ICL, new Frame("Be brief.", "Read: "), 20);
            assertThat(answer.answer()).isEqualTo("Ada Brenn");
            model.ask("\nWho? ", Mode.ICL, new Frame("", "Read: "), 20);
            assertThatThrownBy(() -> model.ask("Who?", Mode.LIFT, new Frame("", ""), 20))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        JsonNode messages = provider.requests(CHAT).getFirst().json().path("messages");
        assertThat(messages.at("/0/role").asText()).isEqualTo("system");
        assertThat(messages.at("/0/content").asText()).isEqualTo("Be brief.");
        assertThat(messages.at("/1/content").asText()).isEqualTo("Read: " + TEXT + "\nWho? ");
        assertThat(provider.requests(CHAT).getLast().json().path("messages")).hasSize(1);

        try (ClosedModel model = untuned(140)) {
            model.ask("\nWho? ", Mode.ICL, new Frame("Be brief.", "Read: "), 20);
        }
        String cut = provider.requests(CHAT)
                .getLast()
                .json()
                .at("/messages/1/content")
                .asText();
        assertThat(cut).startsWith("Read: The h").contains("[...]").endsWith("\nWho? ");
    }

    private ClosedModel untuned(long tokens) {
        return ClosedModel.untuned(
                provider.endpoint(), "gpt-3.5-turbo", document, folder(), window(tokens), new SplittableRandom(0));
    }

    private void provides(String... statuses) {
        provider.fineTunes(TUNED, statuses);
    }

    private static boolean yes(CostEstimate estimate) {
        return true;
    }

    private String train(Predicate<CostEstimate> confirmation, Progress progress) {
        try (FineTuning tuning = new FineTuning(provider.connection(), folder())) {
            return tuning.train(document, TASKS, PLAN, confirmation, progress);
        }
    }

    private String resume() {
        try (FineTuning tuning = new FineTuning(provider.connection(), folder())) {
            return tuning.resume(Progress.SILENT);
        }
    }

    private ClosedModel opened(long tokens) {
        return ClosedModel.open(provider.endpoint(), folder(), window(tokens), provider.patience());
    }

    private static Window window(long tokens) {
        return new Window(tokens, TokenCounter.ENGLISH);
    }

    private Path folder() {
        return temporary.resolve("kell.memory");
    }

    private JsonNode state() {
        return json(folder().resolve("remote.json"));
    }

    private List<JsonNode> training() throws IOException {
        List<JsonNode> examples = new ArrayList<>();
        for (String line : Files.readAllLines(folder().resolve("training.jsonl"))) {
            examples.add(new ObjectMapper().readTree(line));
        }
        return examples;
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
