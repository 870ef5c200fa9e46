package io.github.lift4j.remote;

import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.prompt.Wording;
import io.github.lift4j.task.Author;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A closed model that has absorbed a document, answering in section 4's modes: with {@code lift} the tuned model is
 * asked, without it the provider's base model; {@code icl} puts the document's head and tail into the window and
 * {@code evidence} passages that bear on the question, as for an open model. {@code sft} makes no sense here: a base that
 * was fine-tuned beforehand is another model's name.
 *
 * <p>For several threads at once. Answers are kept in the memory's folder, and the same question in the same mode is
 * not paid for again.
 */
public final class ClosedModel implements AutoCloseable {

    /** Tokens kept free for a question, so that all questions share what stands before them. */
    private static final int QUESTION_ROOM = 96;

    private final Connection connection;
    private final RemoteState state;
    private final Window window;
    private final String document;
    private final Chat base;
    private final Chat tuned;

    private ClosedModel(Connection connection, RemoteState state, Window window, String document, Path folder) {
        this.connection = connection;
        this.state = state;
        this.window = window;
        this.document = document;
        AnswerCache cache = new AnswerCache(Optional.of(folder.resolve("answers")));
        this.base = new Chat(connection, state.baseModel(), Optional.empty(), cache);
        this.tuned = new Chat(connection, state.tunedModel().orElseThrow(), Optional.empty(), cache);
    }

    /**
     * Opens what {@link FineTuning} left.
     *
     * @param window of the provider's model
     * @param random spreads the pauses between tries; not to be used elsewhere meanwhile
     * @throws LiftException where the folder holds no finished fine-tuning of this endpoint
     */
    public static ClosedModel open(Endpoint endpoint, Path folder, Window window, RandomGenerator random) {
        return open(endpoint, folder, window, Patience.real(random));
    }

    static ClosedModel open(Endpoint endpoint, Path folder, Window window, Patience patience) {
        RemoteState state = RemoteState.require(folder, endpoint);
        if (state.tunedModel().isEmpty()) {
            throw new LiftException(
                    "The fine-tuning in " + folder + " is not done (it is " + state.status() + "): resume it first.");
        }
        String document = read(text(folder));
        return new ClosedModel(new Connection(endpoint, patience), state, window, document, folder);
    }

    /** The file of the document's text in a memory's folder. */
    static Path text(Path folder) {
        return folder.resolve("document.txt");
    }

    /** What the tuned model is called at its provider. */
    public String name() {
        return state.tunedModel().orElseThrow();
    }

    /** The text of the document, whole; evidence is found in it. */
    public String text() {
        return document;
    }

    /** Answers a question in a mode without evidence, with the likeliest words. */
    public Answer ask(String question, Mode mode, int answerLimit) {
        return ask(question, mode, Evidence.NONE, answerLimit);
    }

    /**
     * Answers a question, with the likeliest words.
     *
     * @param evidence as {@link Evidence#named} gives it for {@link #text}; not looked at in a mode without it, and not
     *     closed
     * @param answerLimit longest answer in tokens, at least 1
     * @return the answer; its seconds are those to the whole answer, which comes at once
     * @throws LiftException where the question does not fit in the window, the endpoint fails, or there is no such mode of
     *     this model
     */
    public Answer ask(String question, Mode mode, Evidence evidence, int answerLimit) {
        check(mode, evidence);
        long started = System.nanoTime();
        List<String> passages = mode.evidence() ? passages(question.strip(), evidence, answerLimit) : List.of();
        String content = content(question.strip(), mode, passages, answerLimit);
        Reply reply = (mode.absorbed() ? tuned : base).say(prompt(content, answerLimit));
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Answer(reply.text(), mode, reply.promptTokens(), reply.answerTokens(), seconds, passages);
    }

    private void check(Mode mode, Evidence evidence) {
        if (mode.sft()) {
            throw new LiftException("There is no " + mode + " with a provider's model, whose base is named and not made"
                    + " here: train one that was fine-tuned beforehand, and use the mode without 'sft'.");
        }
        if (mode.tasks() && state.tasks() == 0) {
            throw new LiftException(name() + " was trained without auxiliary tasks, so there is no " + mode
                    + ": train with tasks into another folder, or use the mode without 'at'.");
        }
        mode.requireSource(evidence);
    }

    private List<String> passages(String question, Evidence evidence, int answerLimit) {
        List<String> passages = switch (evidence) {
            case Evidence.Found found -> found.about(question);
            case Evidence.Given given -> given.passages().apply(question);
            case Evidence.Recalled recalled ->
                recalled.about(
                        state.title(),
                        question,
                        message -> tuned.say(prompt(message, recalled.tokens())).text());
        };
        long room = Math.max(0, window.tokens() - answerLimit) / Evidence.WINDOW_SHARE;
        return Evidence.fitting(passages, room, window.counter()::count, passage -> window.beginning(passage, room));
    }

    private String content(String question, Mode mode, List<String> passages, int answerLimit) {
        String evidence = String.join("\n\n", passages);
        if (!mode.document()) {
            return content(question, mode, evidence, "");
        }
        long frame = window.counter().count(content("", mode, evidence, ""));
        long asked = Math.max(QUESTION_ROOM, window.counter().count(question));
        long room = frame + 2L * CostEstimate.TOKENS_A_TURN + asked + answerLimit;
        return content(question, mode, evidence, window.excerpt(document, room));
    }

    private String content(String question, Mode mode, String evidence, String excerpt) {
        return Wording.ofQuestion(mode.document(), mode.evidence())
                .with(Map.of("title", state.title(), "document", excerpt, "evidence", evidence, "question", question));
    }

    private static Author.Prompt prompt(String content, int mostTokens) {
        return new Author.Prompt(List.of(Message.user(content)), 0, mostTokens, 0);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new LiftException(
                    "The document's text " + file + " cannot be read: put it back, or train into another folder.", e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
