package io.github.lift4j.engine.tokenizer;

import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role who speaks, in the word the model's chat template knows: {@code system}, {@code user} or {@code assistant}
 * @param content what is said; it is put into the prompt as it is, never read as template text
 */
public record Message(String role, String content) {

    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }

    public static Message system(String content) {
        return new Message("system", content);
    }

    public static Message user(String content) {
        return new Message("user", content);
    }

    public static Message assistant(String content) {
        return new Message("assistant", content);
    }
}
