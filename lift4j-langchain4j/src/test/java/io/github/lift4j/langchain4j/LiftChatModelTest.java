package io.github.lift4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.AiServices;
import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LiftChatModelTest {

    private static final int ROOM = 24;
    private static final UserMessage QUESTION = UserMessage.from("How many gulls on day 7?");

    private static Lift lift;
    private static Memory memory;
    private static LiftTalk talk;
    private static LiftChatModel model;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        lift = TinyLift.open(TinyLift.copyTo(folder.resolve("model")));
        memory = TinyLift.absorb(lift, folder.resolve("gulls.memory"));
        talk = LiftTalk.open(lift, memory, Mode.LIFT_ICL, "", ROOM);
        model = LiftChatModel.of(talk);
    }

    @AfterAll
    static void close() {
        talk.close();
        lift.close();
    }

    @Test
    void aConversationIsAnsweredAsTheLibraryAnswersIt() {
        ChatResponse response = model.chat(
                SystemMessage.from("Be brief."),
                QUESTION,
                AiMessage.from("Many."),
                UserMessage.from("And"),
                UserMessage.from("on day 8?"));
        List<Message> same = List.of(
                Message.user("How many gulls on day 7?"), Message.assistant("Many."), Message.user("And\n\non day 8?"));
        try (Answerer answerer =
                Answerer.open(lift.model(), memory, Mode.LIFT_ICL, Window.full(ROOM), Evidence.NONE, "Be brief.")) {
            Answer answer = answerer.reply(same, Sampling.GREEDY, ROOM, piece -> true);
            assertThat(response.aiMessage().text().strip()).isEqualTo(answer.answer());
            assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(answer.promptTokens());
            assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(answer.answerTokens());
        }
        assertThat(response.metadata().modelName()).isEqualTo(lift.model().name());
    }

    /** More of them than stay ready, in a mode whose window is not full anyway. */
    @Test
    void eachSystemMessageHasAPromptOfItsOwn() {
        try (LiftTalk empty = LiftTalk.open(lift, memory, Mode.LIFT, "", ROOM)) {
            LiftChatModel brief = LiftChatModel.of(empty);
            int without = brief.chat(QUESTION).tokenUsage().inputTokenCount();
            for (String system : List.of("Be brief.", "Be long-winded and kind.", "Rhyme.")) {
                int with = brief.chat(SystemMessage.from(system), QUESTION)
                        .tokenUsage()
                        .inputTokenCount();
                assertThat(with).isGreaterThan(without);
            }
            assertThat(brief.chat(QUESTION).tokenUsage().inputTokenCount()).isEqualTo(without);
        }
    }

    @Test
    void theMostTokensAreHonouredAndSaidToHaveEndedTheAnswer() {
        ChatResponse response = chat(ChatRequestParameters.builder().maxOutputTokens(3));
        assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(3);
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(chat(ChatRequestParameters.builder().maxOutputTokens(5_000))
                        .tokenUsage()
                        .outputTokenCount())
                .isEqualTo(ROOM);
    }

    @Test
    void anAnswerEndsInFrontOfAStopSequence() {
        String whole = model.chat(QUESTION).aiMessage().text();
        String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 2);
        ChatResponse response = chat(ChatRequestParameters.builder().stopSequences(stop));
        assertThat(response.aiMessage().text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.tokenUsage().outputTokenCount()).isLessThan(ROOM);
    }

    @Test
    void aSeedFixesWhatATemperatureLeavesOpen() {
        LiftChatModel warm = LiftChatModel.of(
                talk, LiftChatRequestParameters.builder().temperature(1.5).build(), List.of());
        assertThat(seeded(warm, 7)).isEqualTo(seeded(warm, 7));
        assertThat(IntStream.range(0, 4).mapToObj(seed -> seeded(warm, seed)).distinct())
                .hasSizeGreaterThan(1);
        assertThat(model.chat(QUESTION).aiMessage())
                .isEqualTo(model.chat(QUESTION).aiMessage());
    }

    private static String seeded(LiftChatModel model, long seed) {
        return model.chat(request(LiftChatRequestParameters.builder().seed(seed).build()))
                .aiMessage()
                .text();
    }

    @Test
    void parametersAreLaidOverOneAnotherWithTheirSeed() {
        ChatRequestParameters plain =
                ChatRequestParameters.builder().temperature(0.5).build();
        LiftChatRequestParameters seeded =
                LiftChatRequestParameters.builder().seed(3).temperature(1.0).build();
        LiftChatRequestParameters both =
                LiftChatRequestParameters.builder().seed(3).temperature(0.5).build();
        assertThat(seeded.overrideWith(plain)).isEqualTo(both).hasSameHashCodeAs(both);
        assertThat(plain.overrideWith(seeded)).isEqualTo(seeded);
        assertThat(seeded.defaultedBy(plain)).isEqualTo(seeded).isNotEqualTo(both);
    }

    static Stream<ChatRequestParameters> refused() {
        return Stream.of(
                ChatRequestParameters.builder()
                        .toolSpecifications(
                                ToolSpecification.builder().name("count").build())
                        .build(),
                ChatRequestParameters.builder().toolChoice(ToolChoice.REQUIRED).build(),
                ChatRequestParameters.builder()
                        .responseFormat(ResponseFormat.JSON)
                        .build(),
                ChatRequestParameters.builder().frequencyPenalty(0.5).build(),
                ChatRequestParameters.builder().presencePenalty(-0.5).build(),
                ChatRequestParameters.builder().modelName("another").build());
    }

    @ParameterizedTest
    @MethodSource
    void refused(ChatRequestParameters parameters) {
        assertThatThrownBy(() -> model.chat(request(parameters)))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("leave it out");
    }

    @Test
    void whatSaysNothingIsNotRefused() {
        ChatResponse response = chat(ChatRequestParameters.builder()
                .responseFormat(ResponseFormat.TEXT)
                .toolChoice(ToolChoice.AUTO)
                .frequencyPenalty(0.0)
                .modelName(lift.model().name()));
        assertThat(response.aiMessage()).isEqualTo(model.chat(QUESTION).aiMessage());
    }

    static Stream<List<ChatMessage>> unanswerable() {
        return Stream.of(
                List.of(QUESTION, SystemMessage.from("Too late.")),
                List.of(AiMessage.from("I begin."), QUESTION),
                List.of(QUESTION, AiMessage.from("I end.")),
                List.of(SystemMessage.from("Alone.")));
    }

    @ParameterizedTest
    @MethodSource
    void unanswerable(List<ChatMessage> messages) {
        assertThatThrownBy(() -> model.chat(messages)).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void onlyTextIsTaken() {
        UserMessage picture = UserMessage.from(ImageContent.from("https://example.com/gull.png"));
        assertThatThrownBy(() -> model.chat(picture))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("IMAGE");
        assertThatThrownBy(() -> model.chat(QUESTION, ToolExecutionResultMessage.from("1", "count", "7")))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("TOOL_EXECUTION_RESULT");
    }

    @Test
    void whatDoesNotFitIsRefusedAndTheNextQuestionIsAnswered() {
        ChatResponse before = model.chat(QUESTION);
        assertThatThrownBy(() -> model.chat("gulls ".repeat(2_000)))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("ask a shorter one");
        assertThat(model.chat(QUESTION)).isEqualTo(before);
    }

    @Test
    void manyMayAskAtOnceAndEachIsAnsweredAsAlone() throws Exception {
        List<List<ChatMessage>> all = IntStream.range(0, 8)
                .mapToObj(i -> List.<ChatMessage>of(
                        SystemMessage.from("Be number " + i % 3 + "."), UserMessage.from("How many on day " + i + "?")))
                .toList();
        List<ChatResponse> alone = all.stream().map(model::chat).toList();
        List<ChatResponse> together = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            List<Future<ChatResponse>> answers = all.stream()
                    .map(each -> threads.submit(() -> model.chat(each)))
                    .toList();
            for (Future<ChatResponse> answer : answers) {
                together.add(answer.get());
            }
        }
        assertThat(together).isEqualTo(alone);
    }

    @Test
    void anInterruptedCallerIsNotAnswered() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> model.chat(QUESTION)).isInstanceOf(CancellationException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aClosedTalkRefuses() {
        LiftTalk closed = LiftTalk.open(lift, memory, Mode.LIFT);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> LiftChatModel.of(closed).chat(QUESTION))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aModeThatDoesNotGoWithTheMemoryIsRefusedBeforeTheFirstQuestion() {
        assertThatThrownBy(() -> LiftTalk.open(lift, memory, Mode.parse("lift+at")))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("without auxiliary tasks");
        assertThatThrownBy(() -> LiftTalk.open(lift, memory, Mode.parse("rag"), "hearsay", ROOM))
                .isInstanceOf(LiftException.class)
                .hasMessageContaining("bm25");
    }

    @Test
    void evidenceStandsInTheWindow() {
        try (LiftTalk rag = LiftTalk.open(lift, memory, Mode.parse("rag"), "bm25", ROOM);
                LiftTalk base = LiftTalk.open(lift, memory, Mode.BASE, "", ROOM)) {
            int with = LiftChatModel.of(rag).chat(QUESTION).tokenUsage().inputTokenCount();
            int without = LiftChatModel.of(base).chat(QUESTION).tokenUsage().inputTokenCount();
            assertThat(with).isGreaterThan(without + 20);
        }
    }

    @Test
    void listenersHear() {
        List<String> heard = new ArrayList<>();
        ChatModelListener listener = new ChatModelListener() {
            @Override
            public void onResponse(ChatModelResponseContext context) {
                heard.add(context.chatResponse().aiMessage().text());
            }
        };
        ChatResponse response = LiftChatModel.of(
                        talk, LiftChatRequestParameters.builder().build(), List.of(listener))
                .chat(QUESTION);
        assertThat(heard).containsExactly(response.aiMessage().text());
    }

    interface Archivist {
        dev.langchain4j.service.Result<String> answer(String question);
    }

    @Test
    void anAiServiceAnswersFromWhatIsFound() {
        try (LiftContentRetriever found = LiftContentRetriever.finding(memory, "bm25", 2);
                LiftTalk alone = LiftTalk.open(lift, memory, Mode.BASE, "", ROOM)) {
            Archivist archivist = AiServices.builder(Archivist.class)
                    .chatModel(LiftChatModel.of(alone))
                    .contentRetriever(found)
                    .build();
            var result = archivist.answer("How many gulls on day 7?");
            List<Content> passages = found.retrieve(Query.from("How many gulls on day 7?"));
            assertThat(result.sources()).isEqualTo(passages).hasSize(2);
            assertThat(result.content()).isNotEmpty();
            assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
            int bare = LiftChatModel.of(alone).chat(QUESTION).tokenUsage().inputTokenCount();
            assertThat(result.tokenUsage().inputTokenCount()).isGreaterThan(bare + 20);
        }
    }

    private static ChatResponse chat(dev.langchain4j.model.chat.request.DefaultChatRequestParameters.Builder<?> wish) {
        return model.chat(request(wish.build()));
    }

    private static ChatRequest request(ChatRequestParameters parameters) {
        return ChatRequest.builder().messages(QUESTION).parameters(parameters).build();
    }
}
