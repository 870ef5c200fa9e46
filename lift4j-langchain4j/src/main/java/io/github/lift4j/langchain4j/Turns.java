package io.github.lift4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import io.github.lift4j.engine.tokenizer.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation as the library takes it.
 *
 * @param system what it begins with, or an empty text
 * @param talk the user's and the assistant's turns by turns, the user's first and last
 */
record Turns(String system, List<Message> talk) {

    private static final String BETWEEN = "\n\n";

    Turns {
        talk = List.copyOf(talk);
    }

    /**
     * Reads LangChain4j's messages.
     *
     * @throws UnsupportedFeatureException where there is anything but text
     * @throws InvalidRequestException where the messages are in no order that can be answered
     */
    static Turns of(List<ChatMessage> messages) {
        List<String> system = new ArrayList<>();
        List<Message> talk = new ArrayList<>();
        for (ChatMessage message : messages) {
            switch (message) {
                case SystemMessage first when talk.isEmpty() -> system.add(first.text());
                case SystemMessage late ->
                    throw new InvalidRequestException("System messages must stand before all others.");
                case UserMessage user -> add(talk, Message.user(text(user)));
                case AiMessage model -> add(talk, Message.assistant(text(model)));
                default ->
                    throw new UnsupportedFeatureException("A message of the type " + message.type()
                            + " cannot be put to a memory: use system, user and AI messages.");
            }
        }
        if (talk.isEmpty() || !talk.getLast().role().equals("user")) {
            throw new InvalidRequestException("The last message must be the user's.");
        }
        return new Turns(String.join(BETWEEN, system), talk);
    }

    /** Two turns of one speaker are one. */
    private static void add(List<Message> talk, Message next) {
        if (talk.isEmpty() && !next.role().equals("user")) {
            throw new InvalidRequestException("The first turn must be the user's.");
        }
        if (!talk.isEmpty() && talk.getLast().role().equals(next.role())) {
            Message last = talk.removeLast();
            talk.add(new Message(last.role(), last.content() + BETWEEN + next.content()));
        } else {
            talk.add(next);
        }
    }

    private static String text(UserMessage user) {
        List<String> texts = new ArrayList<>();
        for (Content content : user.contents()) {
            if (!(content instanceof TextContent text)) {
                throw new UnsupportedFeatureException(
                        "Content of the type " + content.type() + " cannot be put to a memory: use text.");
            }
            texts.add(text.text());
        }
        return String.join("\n", texts);
    }

    private static String text(AiMessage model) {
        if (model.hasToolExecutionRequests()) {
            throw new UnsupportedFeatureException(
                    "A message that calls tools cannot be put to a memory: use messages of text.");
        }
        return Optional.ofNullable(model.text()).orElse("");
    }
}
