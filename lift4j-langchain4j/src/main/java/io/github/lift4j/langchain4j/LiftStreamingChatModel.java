package io.github.lift4j.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;

/**
 * The same as {@link LiftChatModel}, handed on while it is written.
 *
 * <p>A request that cannot be honoured is refused at once; all else is heard by the handler, on a daemon thread of the
 * answer's own. The pieces together are the response's text. Cancelling the handle ends the writing at the next token, and
 * nothing more is heard. What a handler throws ends the answer and comes to its {@code onError}. In the middle of an answer
 * a handler can neither ask the same talk nor close it.
 */
public final class LiftStreamingChatModel implements StreamingChatModel {

    private final LiftTalk talk;
    private final LiftChatRequestParameters defaults;
    private final List<ChatModelListener> listeners;

    private LiftStreamingChatModel(
            LiftTalk talk, LiftChatRequestParameters defaults, List<ChatModelListener> listeners) {
        this.talk = talk;
        this.defaults = defaults;
        this.listeners = List.copyOf(listeners);
    }

    /** Answers by the likeliest words. */
    public static LiftStreamingChatModel of(LiftTalk talk) {
        return of(talk, LiftChatRequestParameters.builder().build(), List.of());
    }

    /**
     * The same otherwise.
     *
     * @param defaults what holds where a request says nothing
     * @param listeners hear of requests, responses and errors
     */
    public static LiftStreamingChatModel of(
            LiftTalk talk, LiftChatRequestParameters defaults, List<ChatModelListener> listeners) {
        return new LiftStreamingChatModel(talk, defaults, listeners);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Turns turns = Turns.of(request.messages());
        Manner manner = Manner.of(request.parameters(), talk);
        Thread.ofPlatform().daemon().name("lift-streaming").start(() -> stream(turns, manner, handler));
    }

    private void stream(Turns turns, Manner manner, StreamingChatResponseHandler handler) {
        Handle handle = new Handle();
        PartialResponseContext context = new PartialResponseContext(handle);
        try {
            var response = talk.answer(turns, manner, piece -> {
                if (!handle.isCancelled()) {
                    handler.onPartialResponse(new PartialResponse(piece), context);
                }
                return !handle.isCancelled();
            });
            if (!handle.isCancelled()) {
                handler.onCompleteResponse(response);
            }
        } catch (RuntimeException | Error e) {
            // This thread is ours: nobody but the handler can be told.
            if (!handle.isCancelled()) {
                handler.onError(e);
            }
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return defaults;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    private static final class Handle implements StreamingHandle {

        private volatile boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
