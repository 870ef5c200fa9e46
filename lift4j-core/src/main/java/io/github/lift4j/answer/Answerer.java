package io.github.lift4j.answer;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.adapter.Attachment;
import io.github.lift4j.engine.generation.BatchOdds;
import io.github.lift4j.engine.generation.BatchWriter;
import io.github.lift4j.engine.generation.Context;
import io.github.lift4j.engine.generation.ContinuousBatch;
import io.github.lift4j.engine.generation.Sampling;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.engine.tokenizer.StreamingDecoder;
import io.github.lift4j.engine.transformer.Adaptation;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import io.github.lift4j.prompt.Frame;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;

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
    private final Window window;
    private final Prompter prompter;
    private final Adaptation adaptation;
    private final Optional<Attachment> attachment;
    private final Context context;
    private final ContinuousBatch batch;
    private int prefix;
    private int room;

    /** @param attachment is closed with the answerer */
    private Answerer(
            LanguageModel model,
            Mode mode,
            Window window,
            Prompter prompter,
            Adaptation adaptation,
            Optional<Attachment> attachment) {
        this.model = model;
        this.mode = mode;
        this.window = window;
        this.prompter = prompter;
        this.adaptation = adaptation;
        this.attachment = attachment;
        this.context = new Context(model.transformer(), adaptation);
        this.batch = context.batch(model.tokenizer().stopIds());
    }

    /**
     * Makes ready to answer; the document is read with the first question.
     *
     * @param evidence where a mode with evidence has it from; closed with the answerer, or where that cannot be opened
     * @throws LiftException where the memory belongs to another base model, or was not made as the mode's name says, or
     *     the mode asks for evidence and there is none
     */
    public static Answerer open(LanguageModel model, Memory memory, Mode mode, Window window, Evidence evidence) {
        return open(model, memory, mode, window, evidence, "");
    }

    /**
     * The same behind a system message.
     *
     * @param system an empty text for none
     */
    public static Answerer open(
            LanguageModel model, Memory memory, Mode mode, Window window, Evidence evidence, String system) {
        return attached(model, memory, mode, window, Prompter.open(model, memory, mode, window, evidence, system));
    }

    /**
     * The same with weights that somebody else has attached.
     *
     * @param weights what the memory learned, or nothing where the mode is without it; stays open as long as the answerer
     */
    public static Answerer open(
            LanguageModel model,
            Memory memory,
            Mode mode,
            Window window,
            Evidence evidence,
            String system,
            Adaptation weights) {
        Prompter prompter = Prompter.open(model, memory, mode, window, evidence, system);
        return new Answerer(model, mode, window, prompter, weights, Optional.empty());
    }

    private static Answerer attached(LanguageModel model, Memory memory, Mode mode, Window window, Prompter prompter) {
        if (!mode.absorbed()) {
            return new Answerer(model, mode, window, prompter, Adaptation.NONE, Optional.empty());
        }
        try {
            Attachment own = memory.attach(model);
            return new Answerer(model, mode, window, prompter, own, Optional.of(own));
        } catch (RuntimeException e) {
            prompter.close();
            throw e;
        }
    }

    /**
     * The same with other words around the document than the project's: a question is then what stands behind the
     * document, letter for letter.
     *
     * @throws LiftException also where the mode has no document in the window, or evidence beside it
     */
    public static Answerer open(LanguageModel model, Memory memory, Mode mode, Window window, Frame frame) {
        return attached(model, memory, mode, window, Prompter.open(model, memory, mode, window, frame));
    }

    /**
     * Answers a question.
     *
     * @param pieces hears the answer's text as it is written
     * @throws LiftException where the question does not fit in the window
     */
    public Answer ask(String question, Sampling sampling, Consumer<String> pieces) {
        return reply(List.of(Message.user(question)), sampling, window.answerTokens(), piece -> {
            pieces.accept(piece);
            return true;
        });
    }

    /**
     * Goes on with a conversation about the document, which stands before its first turn; evidence is looked for by the
     * last.
     *
     * @param talk turns of the user and the assistant by turns, the user's first and last
     * @param most tokens to write, from 1 to the window's answer tokens
     * @param pieces hears the text token by token, a token without text included, and says whether to go on
     * @throws LiftException where the talk does not fit in the window, or the model's template refuses it
     */
    public Answer reply(List<Message> talk, Sampling sampling, int most, Predicate<String> pieces) {
        long started = System.nanoTime();
        List<String> passages = evidence(talk.getLast().content());
        int prompt = readPrompt(talk, passages);
        StringBuilder text = new StringBuilder();
        StreamingDecoder decoder = StreamingDecoder.of(model.tokenizer(), true);
        Predicate<String> hear = piece -> {
            text.append(piece);
            return pieces.test(piece);
        };
        long[] first = {0};
        int written = context.generateWhile(sampling, model.tokenizer().stopIds(), most, id -> {
            first[0] = first[0] == 0 ? System.nanoTime() : first[0];
            return hear.test(decoder.next(id));
        });
        var _ = hear.test(decoder.finish());
        long firstToken = first[0] == 0 ? System.nanoTime() : first[0];
        return new Answer(text.toString().strip(), mode, prompt, written, (firstToken - started) / 1e9, passages);
    }

    /**
     * Makes a conversation ready to be gone on with in {@link #batch}, beside those under way there.
     *
     * @param talk turns of the user and the assistant by turns, the user's first and last
     * @return empty where the document must be read anew for it, which those under way forbid: try again when they ended
     * @throws LiftException where the talk does not fit in the window, or the model's template refuses it
     */
    public Optional<Prepared> prepare(List<Message> talk) {
        List<String> passages = evidence(talk.getLast().content());
        int[] suffix = prompter.suffix(talk, passages);
        prompter.requireRoom(suffix.length, window.answerTokens());
        if (batch.size() > 0 && !fits(needed(suffix.length, window.answerTokens()))) {
            return Optional.empty();
        }
        readPrefix(suffix.length, window.answerTokens());
        return Optional.of(new Prepared(suffix, prefix + suffix.length, passages));
    }

    /** What conversations that were made ready go on from, for a batch with others than this one's. */
    public Context context() {
        return context;
    }

    /** Where conversations that were made ready are written side by side. Nothing else may be asked meanwhile. */
    public ContinuousBatch batch() {
        return batch;
    }

    /**
     * Answers several questions side by side, which takes little longer than one.
     *
     * @param sampling its seed is of the first question; each next one's is one larger
     * @return the answers in the questions' order
     * @throws LiftException where a question does not fit in the window
     */
    public List<String> askEach(List<String> questions, Sampling sampling) {
        List<int[]> suffixes = suffixes(questions, window.answerTokens());
        List<Long> seeds = LongStream.range(0, questions.size())
                .map(i -> sampling.seed() + i)
                .boxed()
                .toList();
        return context
                .writeEach(suffixes, sampling, seeds, model.tokenizer().stopIds(), window.answerTokens(), 0)
                .stream()
                .map(written -> model.tokenizer().decode(written.ids(), true).strip())
                .toList();
    }

    /**
     * Answers messages that have nothing to do with the document, as a chat would: with this mode's weights, and nothing
     * else in the window. Shows what else a model still knows.
     */
    public List<String> tellEach(List<String> messages, Sampling sampling) {
        return tellEach(messages, sampling, window.answerTokens());
    }

    private List<String> tellEach(List<String> messages, Sampling sampling, int tokens) {
        List<int[]> prompts = prompter.turn().encodeAll(messages);
        List<Long> seeds = prompts.stream().map(prompt -> sampling.seed()).toList();
        return new BatchWriter(
                        model.transformer(), adaptation, model.tokenizer().stopIds())
                .write(prompts, sampling, seeds, tokens, 0).stream()
                        .map(written ->
                                model.tokenizer().decode(written.ids(), true).strip())
                        .toList();
    }

    /**
     * How much likelier one answer is than another to each of some messages, with this mode's weights, and nothing else in
     * the window: the log-probability of the one less that of the other, in nats. Many are read side by side.
     *
     * @param messages whole questions, which have to do with the document only so far as they say
     * @param yes the one answer, at least one token
     * @param no the other
     * @throws LiftException where a message does not fit in the window, or an answer is empty
     */
    public List<Double> oddsEach(List<String> messages, String yes, String no) {
        if (yes.isEmpty() || no.isEmpty()) {
            throw new LiftException("An answer to weigh against another is empty: give a text.");
        }
        return new BatchOdds(model.transformer(), adaptation)
                .of(prompter.turn().encodeAll(messages), encode(yes), encode(no));
    }

    /** Mean negative log-likelihood of an answer's tokens, in nats a token. */
    public double score(String question, String answer) {
        return scoreEach(List.of(question), List.of(answer)).getFirst();
    }

    /** The same for several questions and an answer to each, side by side. */
    public List<Double> scoreEach(List<String> questions, List<String> answers) {
        List<int[]> ids = answers.stream().map(model.tokenizer()::encode).toList();
        int longest = ids.stream().mapToInt(answer -> answer.length).max().orElse(0);
        return context.scoreEach(suffixes(questions, Math.max(window.answerTokens(), longest)), ids).stream()
                .map(nll -> Arrays.stream(nll)
                        .average()
                        .orElseThrow(() -> new LiftException("The answer to score is empty: give a text.")))
                .toList();
    }

    /** What each prompt ends in; the window then holds what they all begin with, with room for answers of that length. */
    private List<int[]> suffixes(List<String> questions, int answerTokens) {
        List<int[]> suffixes = questions.stream()
                .map(question -> prompter.suffix(List.of(Message.user(question)), evidence(question)))
                .toList();
        int longest = suffixes.stream().mapToInt(suffix -> suffix.length).max().orElse(0);
        readPrefix(longest, answerTokens);
        return suffixes;
    }

    /** The passages that stand in the window beside a question; empty where the mode has none. */
    public List<String> evidence(String question) {
        return prompter.evidence(question, this::tell);
    }

    private int[] encode(String text) {
        return model.tokenizer().encode(text);
    }

    private String tell(String message, int tokens) {
        return tellEach(List.of(message), Sampling.GREEDY, tokens).getFirst();
    }

    private int readPrompt(List<Message> talk, List<String> passages) {
        int[] suffix = prompter.suffix(talk, passages);
        readPrefix(suffix.length, window.answerTokens());
        context.read(suffix);
        return context.length();
    }

    private void readPrefix(int suffix, int answerTokens) {
        prompter.requireRoom(suffix, answerTokens);
        int needed = needed(suffix, answerTokens);
        if (!fits(needed)) {
            int[] ids = prompter.prefix(needed);
            prefix = 0;
            context.rewind(0);
            context.read(ids);
            prefix = context.length();
            // Without the document it is the same whatever follows.
            room = mode.document() ? needed : model.window();
        }
        context.rewind(prefix);
    }

    private static int needed(int suffix, int answerTokens) {
        return Math.max(suffix, QUESTION_ROOM) + answerTokens;
    }

    /** Whether what was read leaves so much room behind it. */
    private boolean fits(int needed) {
        return prefix > 0 && needed <= room;
    }

    @Override
    public void close() {
        batch.close();
        context.close();
        attachment.ifPresent(Attachment::close);
        prompter.close();
    }
}
