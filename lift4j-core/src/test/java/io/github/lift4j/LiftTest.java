package io.github.lift4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lift4j.absorb.Absorber;
import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.Progress;
import io.github.lift4j.engine.adapter.Attachment;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.engine.tokenizer.Tokenizer;
import io.github.lift4j.engine.training.Schedule;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Manifest;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.prompt.Frame;
import io.github.lift4j.prompt.UserTurn;
import io.github.lift4j.recipe.AdapterSettings;
import io.github.lift4j.recipe.Recipe;
import io.github.lift4j.recipe.SegmentSettings;
import io.github.lift4j.recipe.TaskSettings;
import io.github.lift4j.recipe.TrainingSettings;
import io.github.lift4j.task.TaskFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way of a document on a tiny random model. */
class LiftTest {

    private static final String TEXT = IntStream.range(0, 45)
            .mapToObj(i -> "On day " + i + " the crew counted " + (i * 37 % 101) + " gulls over the harbour.")
            .collect(Collectors.joining("\n"));

    private static final Recipe LORA = recipe(4, 2, 5e-3, Schedule.Decay.COSINE);
    private static final Recipe FULL = recipe(0, 1, 2e-3, Schedule.Decay.LINEAR);

    private static Recipe recipe(int rank, int epochs, double learningRate, Schedule.Decay decay) {
        return new Recipe(
                "test",
                new SegmentSettings(64, 24, epochs),
                AdapterSettings.allLinear(rank, 8),
                new TrainingSettings(learningRate, 0.1, decay, 0.99, 0, 1, 256, 0, 1),
                Optional.empty(),
                5);
    }

    private static Lift lift;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        lift = TinyLift.open(Progress.SILENT);
    }

    @AfterAll
    static void close() {
        lift.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void absorbingLowersTheLossAndLeavesOnlyTheMemory(boolean lora) throws IOException {
        Memory memory = absorb(lora ? LORA : FULL, "m");
        List<Double> losses = memory.manifest().losses();
        assertThat(losses.getLast()).isLessThan(losses.getFirst() - 0.2);
        try (Stream<Path> files = Files.list(memory.folder())) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .contains("memory.json", "tokens.bin")
                    .noneMatch(name -> name.startsWith("checkpoint-") || name.equals("absorb.json"));
        }
        assertThat(Memory.open(memory.folder())).isEqualTo(memory);
    }

    @Test
    void whatWasOnlyLaidOutIsReadButNeverRecalled() {
        Memory memory = absorb(LORA, "learned");
        try (Document document = Document.of("Gulls", TEXT)) {
            Memory unlearned =
                    new Absorber(lift.model(), Progress.SILENT).unlearned(document, LORA, folder.resolve("unlearned"));
            assertThat(told(unlearned, Mode.ICL)).isEqualTo(told(memory, Mode.ICL));
            assertThatThrownBy(() -> told(unlearned, Mode.LIFT)).isInstanceOf(LiftException.class);
            assertThatThrownBy(() -> Memory.open(unlearned.folder())).isInstanceOf(LiftException.class);
        }
    }

    private static Answer told(Memory memory, Mode mode) {
        try (Answerer answerer = lift.answerer(memory, mode, 8)) {
            Answer answer = answerer.ask("How many gulls?", Sampling.GREEDY, piece -> {});
            return new Answer(answer.answer(), mode, answer.promptTokens(), answer.answerTokens(), 0, List.of());
        }
    }

    @Test
    void theSeedFixesTheRun() {
        assertThat(absorb(LORA, "a").manifest().losses())
                .isEqualTo(absorb(LORA, "b").manifest().losses())
                .isNotEqualTo(absorb(LORA.withSeed(6), "c").manifest().losses());
    }

    @Test
    void theBaseModelWritesQuestionsAndHowManyItIsAskedForIsSaidBefore() throws IOException {
        TaskSettings.Source questions =
                new TaskSettings.Questions(new TaskSettings.Base(), new TaskSettings.Sentence(0), 2, 0.7, 8, false);
        Recipe recipe = LORA.withTasks(Optional.of(new TaskSettings(1, 1, List.of(questions))));
        List<String> notes = new ArrayList<>();
        Progress listener = new Progress() {
            @Override
            public void advance(String activity, long done, long total, String detail) {}

            @Override
            public void note(String sentence) {
                notes.add(sentence);
            }
        };
        try (Lift wide = TinyLift.openWide(folder.resolve("wide"), listener);
                Document document = Document.of("Gulls", TEXT)) {
            Memory memory = wide.absorb(document, recipe, folder.resolve("q"));
            assertThat(Memory.open(memory.folder()).manifest().recipe()).isEqualTo(recipe);
            assertThat(memory.manifest().seconds().tasks()).isPositive();
        }
        assertThat(notes).containsExactly("The tasks take at most 45 requests to a language model.");
    }

    @Test
    void aStoppedAbsorbGoesOnToTheLossesOfAnUnbrokenOne() {
        List<Double> unbroken = absorb(LORA, "unbroken").manifest().losses();
        Path broken = folder.resolve("broken");
        assertThatThrownBy(() -> {
                    try (Document document = Document.of("Gulls", TEXT)) {
                        new Absorber(lift.model(), stoppingAt(5)).absorb(document, LORA, broken);
                    }
                })
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("--resume");
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> Memory.open(broken)).isInstanceOf(LiftException.class);
        assertThat(lift.resume(broken).manifest().losses()).isEqualTo(unbroken);
    }

    @Test
    void aSweepTakesWhatAKillHasLeftAndNothingThatIsNeeded() throws IOException {
        Path broken = folder.resolve("broken");
        assertThat(Absorber.begun(broken)).isFalse();
        assertThatThrownBy(() -> {
                    try (Document document = Document.of("Gulls", TEXT)) {
                        new Absorber(lift.model(), stoppingAt(5)).absorb(document, LORA, broken);
                    }
                })
                .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        Path old = Files.writeString(broken.resolve("checkpoint-3.safetensors"), "old");
        Path half = Files.writeString(broken.resolve(".memory.json.1.tmp"), "half");
        Absorber.sweep(broken);
        assertThat(old).doesNotExist();
        assertThat(half).doesNotExist();
        assertThat(broken.resolve("checkpoint-5.safetensors")).exists();
        assertThat(Absorber.begun(broken)).isTrue();
        Memory memory = lift.resume(broken);
        assertThat(Absorber.begun(broken)).isFalse();
        Files.writeString(old, "old");
        Absorber.sweep(broken);
        assertThat(old).doesNotExist();
        assertThat(Memory.open(broken)).isEqualTo(memory);
    }

    @Test
    void aConversationGoesOnUntilEnoughWasHeard() {
        Memory memory = absorb(LORA, "m");
        List<Message> talk =
                List.of(Message.user("How many gulls?"), Message.assistant("Many."), Message.user("How many exactly?"));
        try (Answerer answerer =
                Answerer.open(lift.model(), memory, Mode.LIFT, Window.full(8), Evidence.NONE, "You count birds.")) {
            Answer whole = answerer.reply(talk, Sampling.GREEDY, 8, piece -> true);
            Answer question = answerer.reply(talk.subList(0, 1), Sampling.GREEDY, 8, piece -> true);
            assertThat(whole.promptTokens()).isGreaterThan(question.promptTokens());
            int[] heard = {0};
            Answer part = answerer.reply(talk, Sampling.GREEDY, 8, piece -> ++heard[0] < 3);
            assertThat(part.answerTokens()).isEqualTo(3).isLessThan(whole.answerTokens());
            assertThat(whole.answer()).startsWith(part.answer());
            assertThat(answerer.reply(talk, Sampling.GREEDY, 2, piece -> true).answerTokens())
                    .isEqualTo(2);
        }
    }

    @Test
    void tasksAreTrainedBesideTheSegmentsAndAResumedRunGoesOnWithTheSameOnes() throws IOException {
        Recipe joint =
                LORA.withTasks(Optional.of(new TaskSettings(0.5, 2, List.of(new TaskSettings.Rules("cloze", 20)))));
        Memory unbroken = absorb(joint, "unbroken");
        assertThat(unbroken.manifest().taskLosses().getLast())
                .isPositive()
                .isLessThan(unbroken.manifest().taskLosses().getFirst());
        assertThat(TaskFile.read(unbroken.folder().resolve("tasks.jsonl")))
                .isNotEmpty()
                .allMatch(task -> task.source().equals("cloze"));
        Path broken = folder.resolve("broken");
        assertThatThrownBy(() -> {
                    try (Document document = Document.of("Gulls", TEXT)) {
                        new Absorber(lift.model(), stoppingAt(4)).absorb(document, joint, broken);
                    }
                })
                .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        Memory resumed = lift.resume(broken);
        assertThat(resumed.manifest().losses()).isEqualTo(unbroken.manifest().losses());
        assertThat(resumed.manifest().taskLosses())
                .isEqualTo(unbroken.manifest().taskLosses());
    }

    @Test
    void aMemoryGrowsAndSaysWhatItForgot() {
        Memory first = absorb(LORA, "first");
        String more = TEXT.replace("gulls", "seals").replace("harbour", "glacier");
        Memory grown;
        try (Document second = Document.of("Seals", more)) {
            grown = lift.append(first, second, LORA.with(AdapterSettings.allLinear(2, 8)), folder.resolve("grown"));
        }
        Manifest manifest = grown.manifest();
        assertThat(manifest.title()).isEqualTo("Gulls and Seals");
        assertThat(grown.text()).isEqualTo(TEXT + "\n\n" + more);
        assertThat(manifest.tokens()).isGreaterThan(2 * first.manifest().tokens() - 20);
        assertThat(manifest.recipe().adapter()).isEqualTo(LORA.adapter());
        assertThat(manifest.losses().getFirst())
                .isLessThan(first.manifest().losses().getFirst() - 0.1);
        Manifest.Grown known = manifest.grown().orElseThrow();
        assertThat(known.tokens()).isEqualTo(first.manifest().tokens());
        assertThat(known.nllBefore()).isCloseTo(first.manifest().losses().getLast(), within(0.5));
        assertThat(known.nllAfter().orElseThrow()).isLessThan(known.nllBefore() + 0.1);
        assertThat(Memory.open(first.folder())).isEqualTo(first);
        try (Answerer answerer = lift.answerer(grown, Mode.LIFT_ICL, 4)) {
            assertThat(answerer.score("How many?", "37 seals")).isPositive();
        }
    }

    @Test
    void aStoppedGrowthGoesOnToTheLossesOfAnUnbrokenOne() {
        Memory first = absorb(LORA, "first");
        List<Double> unbroken;
        try (Document second = Document.of("Seals", TEXT.replace("gulls", "seals"))) {
            unbroken = lift.append(first, second, LORA, folder.resolve("unbroken"))
                    .manifest()
                    .losses();
        }
        Path broken = folder.resolve("broken");
        try (Document second = Document.of("Seals", TEXT.replace("gulls", "seals"))) {
            assertThatThrownBy(() -> new Absorber(lift.model(), stoppingAt(3)).append(first, second, LORA, broken))
                    .isInstanceOf(CancellationException.class);
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(lift.resume(broken).manifest().losses()).isEqualTo(unbroken);
    }

    @Test
    void trainingEndsOnceTheDocumentIsKnownWellEnough() {
        Recipe patient = LORA.with(new SegmentSettings(64, 24, 6));
        TrainingSettings training = patient.training();
        Memory whole = absorb(patient, "whole");
        int epoch = whole.manifest().losses().size() / 6;
        double second = whole.manifest().losses().subList(epoch, 2 * epoch).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
        Recipe stopping = patient.with(new TrainingSettings(
                training.learningRate(),
                training.warmup(),
                training.decay(),
                training.beta2(),
                training.weightDecay(),
                training.clip(),
                training.stepTokens(),
                second,
                1));
        assertThat(absorb(stopping, "stopped").manifest().losses())
                .isEqualTo(whole.manifest().losses().subList(0, 2 * epoch));
    }

    @Test
    void everyModeAnswersAndSeveralMemoriesShareOneBase() {
        Memory one = absorb(LORA, "one");
        Memory two = absorb(LORA.withSeed(9), "two");
        String question = "How many gulls?";
        try (Answerer first = lift.answerer(one, Mode.LIFT, 12);
                Answerer second = lift.answerer(two, Mode.LIFT, 12)) {
            double alone = first.score(question, "37 gulls");
            assertThat(second.score(question, "37 gulls")).isNotEqualTo(alone);
            assertThat(first.score(question, "37 gulls")).isEqualTo(alone);
        }
        for (Mode mode : Mode.ALL) {
            try (Answerer answerer = lift.answerer(one, mode, 12)) {
                Answer answer = answerer.ask(question, Sampling.GREEDY, piece -> {});
                assertThat(answer.mode()).isEqualTo(mode);
                assertThat(answer.promptTokens()).isPositive();
            }
        }
    }

    @Test
    void theDocumentFillsTheWindowAndLeavesRoomForTheAnswer() {
        Memory memory = absorb(LORA, "m");
        try (Answerer answerer = lift.answerer(memory, Mode.ICL, 20)) {
            int prompt = answerer.ask("How many?", Sampling.GREEDY, piece -> {}).promptTokens();
            assertThat(prompt).isLessThanOrEqualTo(256 - 20).isGreaterThan(256 - 20 - 96);
        }
    }

    @Test
    void sharingAPrefixDoesNotChangeAnAnswer() {
        Memory memory = absorb(LORA, "m");
        try (Answerer shared = lift.answerer(memory, Mode.LIFT_ICL, 8);
                Answerer fresh = lift.answerer(memory, Mode.LIFT_ICL, 8)) {
            shared.ask("What did the crew count on day 7?", Sampling.GREEDY, piece -> {});
            shared.score("Where?", "over the harbour");
            assertThat(shared.ask("How many?", Sampling.GREEDY, piece -> {}).answer())
                    .isEqualTo(
                            fresh.ask("How many?", Sampling.GREEDY, piece -> {}).answer());
        }
    }

    @Test
    void oddsAreThoseOfTheAnswersBehindEachMessageAlone() {
        Memory memory = absorb(LORA, "m");
        List<String> messages = List.of("Do gulls fly?", "No?", "Did the crew count them on the day before?");
        Tokenizer tokenizer = lift.model().tokenizer();
        UserTurn turn = UserTurn.of(lift.model());
        assertThat(tokenizer.encode("Y")).hasSize(1);
        assertThat(tokenizer.encode("No, never").length).isGreaterThan(1);
        try (Attachment attachment = memory.attach(lift.model());
                Answerer base = lift.answerer(memory, Mode.ICL, 8);
                Answerer lifted = lift.answerer(memory, Mode.LIFT, 8)) {
            for (List<String> answers : List.of(List.of("Y", "N"), List.of("Yes", "No, never"))) {
                List<Double> untrained = base.oddsEach(messages, answers.getFirst(), answers.getLast());
                List<Double> trained = lifted.oddsEach(messages, answers.getFirst(), answers.getLast());
                for (int i = 0; i < messages.size(); i++) {
                    int[] prompt = turn.encode(messages.get(i));
                    int[] yes = tokenizer.encode(answers.getFirst());
                    int[] no = tokenizer.encode(answers.getLast());
                    assertThat(untrained.get(i))
                            .isCloseTo(
                                    nll(Adaptation.NONE, prompt, no) - nll(Adaptation.NONE, prompt, yes), within(1e-4));
                    assertThat(trained.get(i))
                            .isCloseTo(nll(attachment, prompt, no) - nll(attachment, prompt, yes), within(1e-4))
                            .isNotEqualTo(untrained.get(i));
                }
            }
            assertThat(base.oddsEach(List.of(), "Y", "N")).isEmpty();
            assertThatThrownBy(() -> base.oddsEach(messages, "Yes", ""))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("empty");
        }
    }

    private double nll(Adaptation adaptation, int[] prompt, int[] answer) {
        try (Context context = new Context(lift.model().transformer(), adaptation)) {
            context.read(prompt);
            return Arrays.stream(context.score(answer)).sum();
        }
    }

    @Test
    void askingTogetherIsAskingAlone() {
        Memory memory = absorb(LORA, "m");
        List<String> questions = List.of("How many?", "What did the crew count on day 7?", "Where?");
        for (Mode mode : Mode.ALL) {
            try (Answerer answerer = lift.answerer(memory, mode, 10)) {
                List<String> together = answerer.askEach(questions, Sampling.GREEDY);
                List<String> alone = questions.stream()
                        .map(q -> answerer.ask(q, Sampling.GREEDY, piece -> {}).answer())
                        .toList();
                assertThat(together).isEqualTo(alone);
            }
        }
    }

    @Test
    void evidenceStandsInTheWindowBesideTheQuestion() {
        Memory memory = absorb(LORA, "m");
        Evidence gold = new Evidence.Given(question -> List.of("On day 7 the crew counted 57 gulls."));
        Mode rag = Mode.parse("rag");
        try (Answerer with = lift.answerer(memory, rag, Window.full(8), gold);
                Answerer without = lift.answerer(memory, Mode.BASE, 8)) {
            Answer answer = with.ask("How many?", Sampling.GREEDY, piece -> {});
            assertThat(answer.evidence()).containsExactly("On day 7 the crew counted 57 gulls.");
            assertThat(answer.promptTokens())
                    .isGreaterThan(without.ask("How many?", Sampling.GREEDY, piece -> {})
                                    .promptTokens()
                            + 10);
            assertThat(with.score("How many?", "57 gulls")).isNotEqualTo(without.score("How many?", "57 gulls"));
        }
        assertThatThrownBy(() -> lift.answerer(memory, rag, 8))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("needs evidence");
        assertThatThrownBy(() -> lift.answerer(memory, rag, Window.full(8), new Evidence.Recalled(4)))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("recall");
    }

    @Test
    void onlyTheDocumentAloneCanBeFramed() {
        Memory memory = absorb(LORA, "m");
        Frame frame = new Frame("You count.", "Read:\n");
        try (Answerer framed = lift.answerer(memory, Mode.LIFT_ICL, Window.full(8), frame);
                Answerer plain = lift.answerer(memory, Mode.LIFT_ICL, 8)) {
            assertThat(framed.score("\nHow many?", "57 gulls")).isNotEqualTo(plain.score("\nHow many?", "57 gulls"));
        }
        for (String mode : List.of("lift", "base", "rag", "lift+evidence+icl")) {
            assertThatThrownBy(() -> lift.answerer(memory, Mode.parse(mode), Window.full(8), frame))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("The mode " + mode);
        }
    }

    @Test
    void aQuestionLongerThanTheWindowIsRefusedInWords() {
        Memory memory = absorb(LORA, "m");
        try (Answerer answerer = lift.answerer(memory, Mode.LIFT, 8)) {
            assertThatThrownBy(() -> answerer.ask(TEXT, Sampling.GREEDY, piece -> {}))
                    .isInstanceOf(LiftException.class)
                    .hasMessageContaining("shorter");
        }
    }

    @Test
    void aFolderThatHoldsAMemoryIsNotOverwritten() {
        Memory memory = absorb(LORA, "m");
        assertThatThrownBy(() -> absorb(LORA, "m"))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("--out");
        assertThat(Memory.open(memory.folder())).isEqualTo(memory);
    }

    @Test
    void aMemoryOfAnotherBaseIsRefusedInWords() throws IOException {
        Memory memory = absorb(LORA, "m");
        Path file = memory.folder().resolve("memory.json");
        Files.writeString(file, Files.readString(file).replace(lift.model().hash(), "0".repeat(64)));
        Memory foreign = Memory.open(memory.folder());
        assertThatThrownBy(() -> lift.answerer(foreign, Mode.LIFT, 8))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("base model");
    }

    @Test
    void aDamagedMemoryIsRefusedInWords() throws IOException {
        Memory memory = absorb(LORA, "m");
        Path weights = memory.folder().resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> lift.answerer(memory, Mode.LIFT, 8)).isInstanceOf(LiftException.class);
        Files.writeString(memory.folder().resolve("memory.json"), "{\"version\": 1, ");
        assertThatThrownBy(() -> Memory.open(memory.folder()))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("damaged");
    }

    private static Progress stoppingAt(long step) {
        return (activity, done, total, detail) -> {
            if (done == step) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private Memory absorb(Recipe recipe, String name) {
        try (Document document = Document.of("Gulls", TEXT)) {
            return lift.absorb(document, recipe, folder.resolve(name));
        }
    }
}
