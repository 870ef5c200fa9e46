package io.github.lift4j.answer;

import io.github.lift4j.document.TokenFile;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Adapter;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.StreamingDecoder;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.memory.Memory;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Answers questions about a memory's document in one mode. What stands before the question is read once and shared by
 * all of them.
 *
 * <p>Belongs to one thread at a time and owns native memory: close it. The model must outlive it.
 */
public final class Answerer implements AutoCloseable {

    /** Tokens kept free for a question and the template around it; a longer one makes the document be read again. */
    private static final int QUESTION_ROOM = 96;

    private final LanguageModel model;
    private final Mode mode;
    private final int answerLimit;
    private final PromptLayout layout;
    private final TokenFile tokens;
    private final Optional<Adapter> adapter;
    private final Context context;
    private int prefix;
    private int room;

    private Answerer(LanguageModel model, Memory memory, Mode mode, int answerLimit) {
        this.model = model;
        this.mode = mode;
        this.answerLimit = answerLimit;
        this.layout = new PromptLayout(model, memory.manifest().title(), mode.document());
        this.tokens = memory.tokens();
        this.adapter = mode.absorbed() ? Optional.of(memory.attach(model)) : Optional.empty();
        this.context =
                new Context(model.transformer(), adapter.<Adaptation>map(a -> a).orElse(Adaptation.NONE));
    }

    /**
     * Makes ready to answer; the document is read with the first question.
     *
     * @param answerLimit longest answer in tokens, at least 1
     * @throws LiftException where the memory belongs to another base model
     */
    public static Answerer open(LanguageModel model, Memory memory, Mode mode, int answerLimit) {
        return new Answerer(model, memory, mode, answerLimit);
    }

    /**
     * Answers a question.
     *
     * @param pieces hears the answer's text as it is written
     * @throws LiftException where the question does not fit in the window
     */
    public Answer ask(String question, Sampling sampling, Consumer<String> pieces) {
        long started = System.nanoTime();
        int prompt = readPrompt(question);
        StringBuilder text = new StringBuilder();
        StreamingDecoder decoder = StreamingDecoder.of(model.tokenizer(), true);
        Consumer<String> hear = piece -> {
            text.append(piece);
            pieces.accept(piece);
        };
        long[] first = {0};
        int written = context.generate(sampling, model.tokenizer().stopIds(), answerLimit, id -> {
            first[0] = first[0] == 0 ? System.nanoTime() : first[0];
            hear.accept(decoder.next(id));
        });
        hear.accept(decoder.finish());
        long firstToken = first[0] == 0 ? System.nanoTime() : first[0];
        return new Answer(text.toString().strip(), mode, prompt, written, (firstToken - started) / 1e9);
    }

    /** Mean negative log-likelihood of an answer's tokens, in nats a token. */
    public double score(String question, String answer) {
        readPrompt(question);
        return Arrays.stream(context.score(model.tokenizer().encode(answer)))
                .average()
                .orElseThrow(() -> new LiftException("The answer to score is empty: give a text."));
    }

    private int readPrompt(String question) {
        int[] suffix = layout.suffix(question);
        int needed = Math.max(suffix.length, QUESTION_ROOM) + answerLimit;
        if (suffix.length + answerLimit >= model.window()) {
            throw new LiftException("The question has " + suffix.length + " tokens, too many for a window of "
                    + model.window() + " with room for an answer of " + answerLimit + ": ask a shorter one.");
        }
        if (prefix == 0 || needed > room) {
            context.rewind(0);
            context.read(layout.prefix(tokens, needed));
            prefix = context.length();
            room = needed;
        }
        context.rewind(prefix);
        context.read(suffix);
        return context.length();
    }

    @Override
    public void close() {
        context.close();
        adapter.ifPresent(Adapter::close);
        tokens.close();
    }
}
