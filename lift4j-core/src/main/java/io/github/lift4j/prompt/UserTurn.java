package io.github.lift4j.prompt;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A conversation of one turn by the model's own chat template, which is rendered once: what it puts before and after the
 * user's words is the same for all.
 */
public final class UserTurn {

    private static final String MARK = "[[lift4j content]]";

    private final LanguageModel model;
    private final List<Message> opening;
    private final String before;
    private final String after;

    /** @param opening the conversation up to the user's words, with a mark in their place */
    private UserTurn(LanguageModel model, List<Message> opening, String before, String after) {
        this.model = model;
        this.opening = opening;
        this.before = before;
        this.after = after;
    }

    /**
     * The turn as a model's template has it.
     *
     * @throws LiftException where the model has no chat template, or one that does not repeat what the user says
     */
    public static UserTurn of(LanguageModel model) {
        return around(model, List.of(Message.user(MARK)));
    }

    /**
     * The same behind a system message. Where the template refuses one or leaves it out, the user's words begin with it.
     *
     * @param system an empty text for none, which leaves it to the template whether it has one of its own
     */
    public static UserTurn of(LanguageModel model, String system) {
        if (system.isBlank()) {
            return of(model);
        }
        List<Message> apart = List.of(Message.system(system), Message.user(MARK));
        return around(model, repeats(model, apart, system) ? apart : List.of(Message.user(system + "\n\n" + MARK)));
    }

    /** Whether the template has a place for a system message. */
    private static boolean repeats(LanguageModel model, List<Message> apart, String system) {
        try {
            return render(model, apart).contains(system.strip());
        } catch (LiftException refused) {
            // Not every model was taught the role, and its template then says so in words of its own.
            return false;
        }
    }

    private static String render(LanguageModel model, List<Message> conversation) {
        return model.tokenizer().requireChatTemplate().render(conversation, true);
    }

    private static UserTurn around(LanguageModel model, List<Message> opening) {
        String prompt = render(model, opening);
        int at = prompt.indexOf(MARK);
        if (at < 0) {
            throw new LiftException("The chat template of " + model.name()
                    + " does not repeat the user's message: use a model with a usable chat template.");
        }
        return new UserTurn(model, opening, prompt.substring(0, at), prompt.substring(at + MARK.length()));
    }

    /** What stands behind the user's words, up to where the answer begins. */
    String after() {
        return after;
    }

    /**
     * The same where the conversation has gone on since.
     *
     * @param further what was said after the user's words, the assistant's turn first and a user's last
     * @throws LiftException where the model's template refuses such a conversation
     */
    String after(List<Message> further) {
        if (further.isEmpty()) {
            return after;
        }
        String prompt =
                render(model, Stream.concat(opening.stream(), further.stream()).toList());
        return prompt.substring(prompt.indexOf(MARK) + MARK.length());
    }

    /** The prompt's text, up to where the answer begins. */
    public String text(String content) {
        return verbatim(content.strip());
    }

    /** The same with what the user says as it is, spaces at its ends included. */
    String verbatim(String content) {
        return before + content + after;
    }

    /** Its token ids. */
    public int[] encode(String content) {
        return model.tokenizer().encode(text(content));
    }

    /** The same with an answer that begins with these words already. */
    public int[] encode(String content, String opening) {
        return model.tokenizer().encode(text(content) + opening);
    }

    /** The ids of many prompts, in their order; tokenised side by side. */
    public List<int[]> encodeAll(List<String> contents) {
        return contents.parallelStream().map(this::encode).toList();
    }

    /**
     * The token by which the template ends an answer: what a learned answer ends in, so that the model stops there. Empty
     * where the template ends it by none that stops a text.
     */
    public Optional<Integer> endOfAnswer() {
        String talk = model.tokenizer()
                .requireChatTemplate()
                .render(List.of(Message.user("?"), Message.assistant(MARK)), false);
        int end = talk.indexOf(MARK) + MARK.length();
        return IntStream.of(model.tokenizer().encode(talk.substring(end)))
                .filter(model.tokenizer().stopIds()::contains)
                .boxed()
                .findFirst();
    }
}
