package io.github.lift4j.langchain4j;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.github.lift4j.Lift;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.memory.Memory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LiftStreamingChatModelTest {

    private static final String QUESTION = "How many gulls on day 7?";

    private static Lift lift;
    private static Memory memory;
    private static LiftTalk talk;
    private static LiftChatModel model;
    private static LiftStreamingChatModel streaming;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        lift = TinyLift.open(TinyLift.copyTo(folder.resolve("model")));
        memory = TinyLift.absorb(lift, folder.resolve("gulls.memory"));
        talk = LiftTalk.open(lift, memory, Mode.LIFT_ICL);
        model = LiftChatModel.of(talk);
        streaming = LiftStreamingChatModel.of(talk);
    }

    @AfterAll
    static void close() {
        talk.close();
        lift.close();
    }

    /** Notes what it hears, and may do something at each piece. */
    private static final class Heard implements StreamingChatResponseHandler {

        private final List<String> pieces = new CopyOnWriteArrayList<>();
        private final CompletableFuture<ChatResponse> response = new CompletableFuture<>();
        private final BiConsumer<String, PartialResponseContext> atPiece;

        Heard(BiConsumer<String, PartialResponseContext> atPiece) {
            this.atPiece = atPiece;
        }

        static Heard all() {
            return new Heard((piece, context) -> {});
        }

        @Override
        public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
            pieces.add(partial.text());
            atPiece.accept(partial.text(), context);
        }

        @Override
        public void onCompleteResponse(ChatResponse whole) {
            response.complete(whole);
        }

        @Override
        public void onError(Throwable error) {
            response.completeExceptionally(error);
        }
    }

    @Test
    void thePiecesAreTheAnswer() throws Exception {
        Heard heard = Heard.all();
        streaming.chat(QUESTION, heard);
        ChatResponse whole = heard.response.get();
        assertThat(heard.pieces).hasSizeGreaterThan(1).doesNotContain("");
        assertThat(String.join("", heard.pieces)).isEqualTo(whole.aiMessage().text());
        assertThat(whole)
                .isEqualTo(model.chat(ChatRequest.builder()
                        .messages(UserMessage.from(QUESTION))
                        .build()));
    }

    @Test
    void aCancelledAnswerEndsAtOnceAndNothingMoreIsHeard() throws Exception {
        Heard heard = new Heard((piece, context) -> context.streamingHandle().cancel());
        streaming.chat(QUESTION, heard);
        // Who asks next is answered behind it.
        Heard next = Heard.all();
        streaming.chat(QUESTION, next);
        next.response.get();
        assertThat(heard.pieces).hasSizeLessThanOrEqualTo(1);
        model.chat(QUESTION);
        assertThat(heard.pieces).hasSize(1);
        assertThat(heard.response).isNotDone();
    }

    @Test
    void whatCannotBeHonouredIsRefusedAtOnce() {
        ChatRequest json = ChatRequest.builder()
                .messages(UserMessage.from(QUESTION))
                .responseFormat(ResponseFormat.JSON)
                .build();
        assertThatThrownBy(() -> streaming.chat(json, Heard.all())).isInstanceOf(UnsupportedFeatureException.class);
    }

    @Test
    void whatTheLibraryRefusesIsHeard() {
        Heard heard = Heard.all();
        streaming.chat("gulls ".repeat(2_000), heard);
        assertThatThrownBy(heard.response::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(LiftException.class);
    }

    @Test
    void whatAHandlerThrowsComesBackToIt() {
        Heard heard = new Heard((piece, context) -> {
            throw new IllegalArgumentException("no more of this");
        });
        streaming.chat(QUESTION, heard);
        assertThatThrownBy(heard.response::get).hasRootCauseMessage("no more of this");
        assertThat(heard.pieces).hasSize(1);
    }

    @Test
    void aHandlerCannotAskOrCloseInTheMiddleOfItsAnswer() {
        Heard asking = new Heard((piece, context) -> model.chat(QUESTION));
        streaming.chat(QUESTION, asking);
        assertThatThrownBy(asking.response::get)
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wait for its end");
        Heard closing = new Heard((piece, context) -> talk.close());
        streaming.chat(QUESTION, closing);
        assertThatThrownBy(closing.response::get).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(model.chat(QUESTION)).isNotNull();
    }

    @Test
    void aHandlerMayAskAgainAtTheEnd() throws Exception {
        CompletableFuture<String> second = new CompletableFuture<>();
        streaming.chat(QUESTION, new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse whole) {
                second.complete(model.chat(QUESTION));
            }

            @Override
            public void onError(Throwable error) {
                second.completeExceptionally(error);
            }
        });
        assertThat(second.get()).isEqualTo(model.chat(QUESTION));
    }

    @Test
    void closingEndsTheAnswerUnderWay() throws Exception {
        LiftTalk leaving = LiftTalk.open(lift, memory, Mode.LIFT);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        Heard heard = new Heard((piece, context) -> {
            begun.countDown();
            await(closing);
        });
        LiftStreamingChatModel.of(leaving).chat(QUESTION, heard);
        await(begun);
        Thread closer = Thread.ofPlatform().start(leaving::close);
        // It waits for its turn now, having said that it wants to close.
        while (closer.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        closing.countDown();
        closer.join();
        assertThatThrownBy(heard.response::get).isInstanceOf(CancellationException.class);
        assertThat(heard.pieces).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    interface Narrator {
        TokenStream tell(String question);
    }

    @Test
    void anAiServiceStreamsFromWhatIsRecalled() throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        List<String> pieces = new CopyOnWriteArrayList<>();
        try (LiftContentRetriever recalled = LiftContentRetriever.recalling(lift, memory)) {
            Narrator narrator = AiServices.builder(Narrator.class)
                    .streamingChatModel(streaming)
                    .contentRetriever(recalled)
                    .build();
            narrator.tell(QUESTION)
                    .onPartialResponse(pieces::add)
                    .onCompleteResponse(whole::complete)
                    .onError(whole::completeExceptionally)
                    .start();
            String text = whole.get().aiMessage().text();
            assertThat(pieces).hasSizeGreaterThan(1);
            assertThat(String.join("", pieces)).isEqualTo(text);
        }
    }
}
