package io.github.lift4j.remote;

import com.openai.client.OpenAIClient;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.task.Author;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** One model behind an endpoint, asked in the endpoint's dialect. For several threads at once. */
final class Chat {

    private final Connection connection;
    private final String model;
    private final Optional<JsonSchema> schema;
    private final AnswerCache cache;
    private final boolean lenient;

    /** Narrows as the endpoint refuses; a thread that has not seen it yet is refused once more. */
    private volatile Dialect dialect;

    private final Set<String> versions = new ConcurrentSkipListSet<>();

    Chat(Connection connection, String model, Optional<JsonSchema> schema, AnswerCache cache) {
        this(connection, model, schema, cache, false);
    }

    /** @param lenient as {@link ChatSettings} has it */
    Chat(Connection connection, String model, Optional<JsonSchema> schema, AnswerCache cache, boolean lenient) {
        this.connection = connection;
        this.model = model;
        this.schema = schema;
        this.cache = cache;
        this.lenient = lenient;
        this.dialect = Dialect.FULL;
    }

    /** The model by the endpoint's name. */
    String model() {
        return model;
    }

    /** What the prompt's answer is kept under. */
    String key(Author.Prompt prompt) {
        return AnswerCache.key(connection.endpoint().baseUrl(), model, schema, prompt);
    }

    Optional<Reply> kept(Author.Prompt prompt) {
        return cache.find(key(prompt));
    }

    /** The kept answer, else the model's, which is then kept. */
    Reply say(Author.Prompt prompt) {
        Reply said = kept(prompt).orElseGet(() -> {
            Reply reply = asked(prompt);
            cache.keep(key(prompt), model, prompt, reply);
            return reply;
        });
        if (!said.version().isEmpty()) {
            versions.add(said.version());
        }
        return said;
    }

    /** The names that the endpoint gave the model in its answers so far, kept ones included. */
    List<String> versions() {
        return List.copyOf(versions);
    }

    private Reply asked(Author.Prompt prompt) {
        while (true) {
            Dialect spoken = dialect;
            try {
                return connection.call("asking " + model, client -> once(client, prompt, spoken));
            } catch (LiftException e) {
                dialect = Optional.ofNullable(e.getCause())
                        .filter(OpenAIServiceException.class::isInstance)
                        .map(OpenAIServiceException.class::cast)
                        .flatMap(spoken::after)
                        .orElseThrow(() -> e);
            }
        }
    }

    private Reply once(OpenAIClient client, Author.Prompt prompt, Dialect spoken) {
        boolean structured = schema.isPresent() && spoken.structured();
        ChatCompletion completion = client.chat().completions().create(request(prompt, spoken, structured));
        if (completion.choices().isEmpty()) {
            throw new Nonsense("no choice");
        }
        ChatCompletion.Choice choice = completion.choices().getFirst();
        String text = choice.message().content().orElse("").strip();
        if (!lenient) {
            requireWhole(choice, text, prompt, structured);
        } else if (text.isEmpty() && cutOff(choice)) {
            throw cutOffAfter(prompt); // So would all others be.
        } else if (cutOff(choice) && !structured) {
            text = Author.wholeLines(text);
        }
        Optional<CompletionUsage> usage = completion.usage();
        return new Reply(
                text,
                completion._model().asString().orElse(""),
                usage.map(used -> Math.toIntExact(used.promptTokens())).orElse(0),
                usage.map(used -> Math.toIntExact(used.completionTokens())).orElse(0));
    }

    private void requireWhole(ChatCompletion.Choice choice, String text, Author.Prompt prompt, boolean structured) {
        choice.message().refusal().filter(said -> !said.isBlank()).ifPresent(said -> {
            throw new LiftException(model + " declined to answer (\"" + said + "\"): change the prompt or the model.");
        });
        boolean unusable = text.isEmpty() || (structured && !JsonSchema.holds(text));
        if (unusable && cutOff(choice)) {
            throw cutOffAfter(prompt);
        }
        if (text.isEmpty()) {
            throw new Nonsense("an empty text");
        }
        if (unusable) {
            throw new Nonsense("text that is not the JSON it was asked for");
        }
    }

    private LiftException cutOffAfter(Author.Prompt prompt) {
        return new LiftException(model + " was cut off after " + prompt.mostTokens()
                + " tokens before its answer was whole: allow longer answers.");
    }

    private static boolean cutOff(ChatCompletion.Choice choice) {
        return choice._finishReason()
                .asKnown()
                .map(reason -> reason.asString().equals("length"))
                .orElse(false);
    }

    @SuppressWarnings("deprecation") // The old name of the limit is the one that every compatible endpoint knows.
    private ChatCompletionCreateParams request(Author.Prompt prompt, Dialect spoken, boolean structured) {
        ChatCompletionCreateParams.Builder request = ChatCompletionCreateParams.builder()
                .model(model)
                .temperature(prompt.temperature())
                .seed(prompt.seed());
        if (spoken.oldLimit()) {
            request.maxTokens(prompt.mostTokens());
        } else {
            request.maxCompletionTokens(prompt.mostTokens());
        }
        prompt.messages().forEach(message -> add(message, request));
        schema.filter(wanted -> structured).ifPresent(wanted -> request.responseFormat(wanted.format()));
        return request.build();
    }

    private static void add(Message message, ChatCompletionCreateParams.Builder request) {
        switch (message.role()) {
            case "system" -> request.addSystemMessage(message.content());
            case "user" -> request.addUserMessage(message.content());
            case "assistant" -> request.addAssistantMessage(message.content());
            default ->
                throw new IllegalArgumentException(
                        "a turn is the system's, the user's or the assistant's, not " + message.role());
        }
    }
}
