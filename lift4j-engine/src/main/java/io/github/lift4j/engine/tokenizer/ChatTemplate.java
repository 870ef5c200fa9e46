package io.github.lift4j.engine.tokenizer;

import io.github.lift4j.engine.LiftException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The way a model was taught to read a conversation: the Jinja template that comes with it. Immutable and thread-safe.
 *
 * <p>Renders what {@code apply_chat_template(..., tokenize=False)} of Hugging Face transformers renders. The text
 * already holds every special token the model wants, so encode it with {@code Tokenizer.encode}, which adds none.
 */
public final class ChatTemplate {

    private final String source;
    private final Map<String, String> specialTokens;
    private final Clock clock;
    private final JinjaDialect dialect;

    private ChatTemplate(String source, Map<String, String> specialTokens, Clock clock, JinjaDialect dialect) {
        this.source = source;
        this.specialTokens = specialTokens;
        this.clock = clock;
        this.dialect = dialect;
    }

    /**
     * A template from its Jinja source.
     *
     * @param specialTokens the texts a template may name: {@code bos_token}, {@code eos_token}, ...
     */
    public static ChatTemplate of(String source, Map<String, String> specialTokens) {
        return new ChatTemplate(
                Objects.requireNonNull(source, "source"),
                Map.copyOf(specialTokens),
                Clock.system(ZoneId.systemDefault()),
                new JinjaDialect());
    }

    /** The same template with another idea of now; some templates (Llama 3) write today's date. */
    public ChatTemplate withClock(Clock other) {
        return new ChatTemplate(source, specialTokens, other, dialect);
    }

    /** The template's Jinja source. */
    public String source() {
        return source;
    }

    /**
     * The prompt for a conversation.
     *
     * @param messages at least one turn, in order
     * @param addGenerationPrompt whether the text ends by opening the assistant's turn
     * @throws LiftException if the template refuses the conversation (roles that do not alternate, a system message it
     *     does not know, ...) or cannot be rendered
     */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        if (messages.isEmpty()) {
            throw new LiftException("A conversation needs at least one message; add what the user says");
        }
        Map<String, Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", messages.stream().map(ChatTemplate::asMap).toList());
        variables.put("add_generation_prompt", addGenerationPrompt);
        return dialect.render(source, variables, clock);
    }

    private static Map<String, Object> asMap(Message message) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", message.role());
        map.put("content", JinjaDialect.text(message.content()));
        return map;
    }
}
