package io.github.lift4j.prompt;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A conversation of one turn by the model's own chat template, which is rendered once: what it puts before and after the
 * user's words is the same for all.
 */
public final class UserTurn {

    private static final String MARK = "[[lift4j content]]";

    private final LanguageModel model;
    private final String before;
    private final String after;

    private UserTurn(LanguageModel model, String before, String after) {
        this.model = model;
        this.before = before;
        this.after = after;
    }

    /**
     * The turn as a model's template has it.
     *
     * @throws LiftException where the model has no chat template, or one that does not repeat what the user says
     */
    public static UserTurn of(LanguageModel model) {
        String prompt = model.tokenizer().requireChatTemplate().render(List.of(Message.user(MARK)), true);
        int at = prompt.indexOf(MARK);
        if (at < 0) {
            throw new LiftException("The chat template of " + model.name()
                    + " does not repeat the user's message: use a model with a usable chat template.");
        }
        return new UserTurn(model, prompt.substring(0, at), prompt.substring(at + MARK.length()));
    }

    /** The prompt's text, up to where the answer begins. */
    public String text(String content) {
        return before + content.strip() + after;
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
