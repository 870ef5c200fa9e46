package io.github.lift4j.answer;

import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.prompt.Frame;
import io.github.lift4j.prompt.PromptLayout;
import io.github.lift4j.prompt.UserTurn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What the model reads before it answers in one mode: evidence, the document as far as it fits, the question. Belongs to one
 * thread at a time and holds files open: close it.
 */
final class Prompter implements AutoCloseable {

    private final LanguageModel model;
    private final Mode mode;
    private final Window window;
    private final Evidence evidence;
    private final String title;
    private final UserTurn turn;
    private final PromptLayout layout;
    private final TokenFile tokens;

    private Prompter(
            LanguageModel model,
            Memory memory,
            Mode mode,
            Window window,
            Evidence evidence,
            String system,
            Optional<Frame> frame) {
        this.model = model;
        this.mode = mode;
        this.window = window;
        this.evidence = evidence;
        this.title = memory.manifest().title();
        this.turn = UserTurn.of(model, system);
        this.layout = frame.map(words -> PromptLayout.of(model, words))
                .orElseGet(() -> memory.manifest().hasDocument()
                        ? PromptLayout.of(model, turn, title, mode.document(), mode.evidence())
                        : PromptLayout.plain(model, turn));
        this.tokens = memory.tokens();
    }

    /**
     * Opens what a mode's prompts are made of.
     *
     * @param evidence where a mode with evidence has it from; closed with the prompter, or where that cannot be opened
     * @param system a system message, or an empty text for none
     * @throws LiftException where the memory was not made as the mode's name says, or the mode asks for evidence and there is
     *     none
     */
    static Prompter open(
            LanguageModel model, Memory memory, Mode mode, Window window, Evidence evidence, String system) {
        try {
            check(model, memory, mode, evidence);
            return new Prompter(model, memory, mode, window, evidence, system, Optional.empty());
        } catch (RuntimeException e) {
            evidence.close();
            throw e;
        }
    }

    /** The same with other words around the document: see {@link Answerer#open(LanguageModel, Memory, Mode, Window, Frame)}. */
    static Prompter open(LanguageModel model, Memory memory, Mode mode, Window window, Frame frame) {
        if (!mode.document() || mode.evidence()) {
            throw new LiftException(
                    "The mode " + mode + " cannot ask in other words than the project's: use a mode with"
                            + " 'icl' and without 'evidence'.");
        }
        check(model, memory, mode, Evidence.NONE);
        return new Prompter(model, memory, mode, window, Evidence.NONE, "", Optional.of(frame));
    }

    private static void check(LanguageModel model, Memory memory, Mode mode, Evidence evidence) {
        if (mode.tasks() && memory.manifest().recipe().tasks().isEmpty()) {
            throw new LiftException(
                    "The memory " + memory.folder() + " was absorbed without auxiliary tasks, so there is" + " no "
                            + mode + ": absorb by a recipe with tasks, or use the mode without 'at'.");
        }
        if (mode.document() || mode.evidence()) {
            memory.requireDocument();
        }
        mode.requireSource(evidence);
        if (mode.sft() != model.tuned()) {
            throw new LiftException("The mode " + mode + " does not go with " + model.name() + ", which was "
                    + (model.tuned() ? "" : "not ") + "fine-tuned beforehand: use a mode "
                    + (model.tuned() ? "with" : "without") + " 'sft', or name another base.");
        }
    }

    /** The model's own way of a conversation. */
    UserTurn turn() {
        return turn;
    }

    /** What is a talk's own, up to where the answer begins. */
    int[] suffix(List<Message> talk, List<String> passages) {
        return layout.suffix(talk.getFirst().content(), passages, talk.subList(1, talk.size()));
    }

    /** What all questions share, leaving room for so many tokens behind it. */
    int[] prefix(int room) {
        return layout.prefix(tokens, room, window.documentTokens());
    }

    void requireRoom(int suffix, int answerTokens) {
        if (suffix + answerTokens >= model.window()) {
            throw new LiftException("The question has " + suffix + " tokens, too many for a window of " + model.window()
                    + " with room for an answer of " + answerTokens + ": ask a shorter one.");
        }
    }

    /**
     * The passages that stand in the window beside a question; empty where the mode has none.
     *
     * @param tell what the model says to a message, in so many tokens at most
     */
    List<String> evidence(String question, BiFunction<String, Integer, String> tell) {
        return mode.evidence() ? fitting(passages(question, tell)) : List.of();
    }

    private List<String> passages(String question, BiFunction<String, Integer, String> tell) {
        return switch (evidence) {
            case Evidence.Found found -> found.about(question);
            case Evidence.Given given -> given.passages().apply(question);
            case Evidence.Recalled recalled -> {
                int most = Math.min(recalled.tokens(), model.window() / 8);
                yield recalled.about(title, question, message -> tell.apply(message, most));
            }
        };
    }

    private List<String> fitting(List<String> passages) {
        int room = (model.window() - window.answerTokens()) / Evidence.WINDOW_SHARE;
        return Evidence.fitting(
                passages,
                room,
                passage -> encode(passage).length,
                passage -> model.tokenizer().decode(Arrays.copyOf(encode(passage), room)));
    }

    private int[] encode(String text) {
        return model.tokenizer().encode(text);
    }

    @Override
    public void close() {
        tokens.close();
        evidence.close();
    }
}
