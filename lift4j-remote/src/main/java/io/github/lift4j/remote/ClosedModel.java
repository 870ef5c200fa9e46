package io.github.lift4j.remote;

import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Message;
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
 * A closed model that has absorbed a document, answering in section 4's modes: {@code icl} asks the provider's base
 * model with the document's head and tail in the window, {@code lift} the tuned one with the question alone,
 * {@code lift+icl} the tuned one with both.
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

    /**
     * Answers a question, with the likeliest words.
     *
     * @param answerLimit longest answer in tokens, at least 1
     * @return the answer; its seconds are those to the whole answer, which comes at once
     * @throws LiftException where the question does not fit in the window, the endpoint fails, or the mode has sft or
     *     evidence in it
     */
    public Answer ask(String question, Mode mode, int answerLimit) {
        if (mode.sft() || mode.evidence()) {
            throw new LiftException(
                    "A provider's model answers in the modes icl, lift, lift+at and these together, not in " + mode
                            + ".");
        }
        long started = System.nanoTime();
        String content = mode.document() ? behindDocument(question, answerLimit) : alone(question);
        Author.Prompt prompt = new Author.Prompt(List.of(Message.user(content)), 0, answerLimit, 0);
        Reply reply = (mode.absorbed() ? tuned : base).say(prompt);
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Answer(reply.text(), mode, reply.promptTokens(), reply.answerTokens(), seconds, List.of());
    }

    private String alone(String question) {
        return Wording.QUESTION.with(Map.of("title", state.title(), "question", question.strip()));
    }

    private String behindDocument(String question, int answerLimit) {
        String frame = behind("", "");
        long asked = Math.max(QUESTION_ROOM, window.counter().count(question));
        long room = window.counter().count(frame) + 2L * CostEstimate.TOKENS_A_TURN + asked + answerLimit;
        return behind(window.excerpt(document, room), question.strip());
    }

    private String behind(String excerpt, String question) {
        return Wording.DOCUMENT_QUESTION.with(
                Map.of("title", state.title(), "document", excerpt, "question", question));
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
