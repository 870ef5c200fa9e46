package io.github.lift4j.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

/**
 * A memory as LangChain4j's chat model: messages are turns of a conversation about its document.
 *
 * <p>System messages must stand before all others, and everything is text. Temperature, top-p, top-k, stop sequences, the
 * most output tokens (never more than the talk's) and the seed of {@link LiftChatRequestParameters} are honoured; tools,
 * response formats, penalties and other models' names are refused with LangChain4j's {@code UnsupportedFeatureException}.
 * Without a temperature the likeliest words are taken. A prompt's tokens are all that stand in the window, the document's
 * too. What the library refuses, such as a talk that does not fit in the window, comes as its
 * {@link io.github.lift4j.engine.LiftException}.
 *
 * <p>Any thread may ask; {@link LiftTalk} says who waits. Owns nothing: close the talk.
 */
public final class LiftChatModel implements ChatModel {

    private final LiftTalk talk;
    private final LiftChatRequestParameters defaults;
    private final List<ChatModelListener> listeners;

    private LiftChatModel(LiftTalk talk, LiftChatRequestParameters defaults, List<ChatModelListener> listeners) {
        this.talk = talk;
        this.defaults = defaults;
        this.listeners = List.copyOf(listeners);
    }

    /** Answers by the likeliest words. */
    public static LiftChatModel of(LiftTalk talk) {
        return of(talk, LiftChatRequestParameters.builder().build(), List.of());
    }

    /**
     * The same otherwise.
     *
     * @param defaults what holds where a request says nothing
     * @param listeners hear of requests, responses and errors
     */
    public static LiftChatModel of(
            LiftTalk talk, LiftChatRequestParameters defaults, List<ChatModelListener> listeners) {
        return new LiftChatModel(talk, defaults, listeners);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return talk.answer(Turns.of(request.messages()), Manner.of(request.parameters(), talk), piece -> true);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return defaults;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }
}
