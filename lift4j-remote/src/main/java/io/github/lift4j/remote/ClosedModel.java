package io.github.lift4j.remote;

import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.document.Document;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.prompt.Frame;
import io.github.lift4j.prompt.Wording;
import io.github.lift4j.task.Author;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A closed model that has absorbed a document, or only has it at hand, answering in section 4's modes: with {@code lift} the
 * tuned model is asked, without it the provider's base model; {@code icl} puts the document's head and tail into the window and
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
    private final Subject subject;
    private final Window window;
    private final Chat base;
    private final Optional<Chat> tuned;

    /**
     * What is asked about.
     *
     * @param tasks that were trained beside the segments
     */
    private record Subject(String title, String text, int tasks) {}

    private ClosedModel(
            Connection connection, Subject subject, Window window, String model, Optional<String> tuned, Path folder) {
        this.connection = connection;
        this.subject = subject;
        this.window = window;
        AnswerCache cache = new AnswerCache(Optional.of(folder.resolve("answers")));
        this.base = new Chat(connection, model, Optional.empty(), cache);
        this.tuned = tuned.map(name -> new Chat(connection, name, Optional.empty(), cache));
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
        Subject subject = new Subject(state.title(), read(text(folder)), state.tasks());
        Connection connection = new Connection(endpoint, patience);
        return new ClosedModel(connection, subject, window, state.baseModel(), state.tunedModel(), folder);
    }

    /**
     * A provider's model that has absorbed nothing, for the modes without {@code lift}.
     *
     * @param model the provider's name of it
     * @param folder where answers are kept
     * @param window of the model
     * @param random spreads the pauses between tries; not to be used elsewhere meanwhile
     */
    public static ClosedModel untuned(
            Endpoint endpoint, String model, Document document, Path folder, Window window, RandomGenerator random) {
        Subject subject = new Subject(document.title(), read(document), 0);
        Connection connection = new Connection(endpoint, Patience.real(random));
        return new ClosedModel(connection, subject, window, model, Optional.empty(), folder);
    }

    /** The file of the document's text in a memory's folder. */
    static Path text(Path folder) {
        return folder.resolve("document.txt");
    }

    /** What the model is called at its provider: the tuned one, where the document was absorbed. */
    public String name() {
        return tuned.orElse(base).model();
    }

    /** The text of the document, whole; evidence is found in it. */
    public String text() {
        return subject.text;
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
        return answer(List.of(Message.user(content)), mode, answerLimit, passages, started);
    }

    /**
     * Answers a question in someone else's words, with the likeliest words.
     *
     * @param question what stands behind the document, letter for letter
     * @param mode with the document in the window and no evidence
     * @param answerLimit as above
     * @throws LiftException as above
     */
    public Answer ask(String question, Mode mode, Frame frame, int answerLimit) {
        if (!mode.document() || mode.evidence()) {
            throw new IllegalArgumentException("a frame is for the document and nothing else, not for " + mode);
        }
        check(mode, Evidence.NONE);
        long started = System.nanoTime();
        Message system = Message.system(frame.system());
        long around = tokens(system) + tokens(Message.user(frame.before()));
        String excerpt = window.excerpt(subject.text, around + asked(question) + answerLimit);
        Message user = Message.user(frame.before() + excerpt + question);
        List<Message> messages = frame.system().isEmpty() ? List.of(user) : List.of(system, user);
        return answer(messages, mode, answerLimit, List.of(), started);
    }

    private Answer answer(List<Message> messages, Mode mode, int answerLimit, List<String> passages, long started) {
        Chat asked = mode.absorbed() ? tuned.orElseThrow() : base;
        Reply reply = asked.say(prompt(messages, answerLimit));
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Answer(reply.text(), mode, reply.promptTokens(), reply.answerTokens(), seconds, passages);
    }

    private long tokens(Message message) {
        return CostEstimate.tokens(message, window.counter());
    }

    private long asked(String question) {
        return CostEstimate.TOKENS_A_TURN
                + Math.max(QUESTION_ROOM, window.counter().count(question));
    }

    private void check(Mode mode, Evidence evidence) {
        if (mode.sft()) {
            throw new LiftException("There is no " + mode + " with a provider's model, whose base is named and not made"
                    + " here: train one that was fine-tuned beforehand, and use the mode without 'sft'.");
        }
        if (mode.absorbed() && tuned.isEmpty()) {
            throw new LiftException(name() + " has not absorbed \"" + subject.title + "\", so there is no " + mode
                    + ": train it on the document, or use a mode without 'lift'.");
        }
        if (mode.tasks() && subject.tasks == 0) {
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
                        subject.title,
                        question,
                        message -> tuned.orElseThrow()
                                .say(prompt(List.of(Message.user(message)), recalled.tokens()))
                                .text());
        };
        long room = Math.max(0, window.tokens() - answerLimit) / Evidence.WINDOW_SHARE;
        return Evidence.fitting(passages, room, window.counter()::count, passage -> window.beginning(passage, room));
    }

    private String content(String question, Mode mode, List<String> passages, int answerLimit) {
        String evidence = String.join("\n\n", passages);
        if (!mode.document()) {
            return content(question, mode, evidence, "");
        }
        long frame = tokens(Message.user(content("", mode, evidence, "")));
        return content(question, mode, evidence, window.excerpt(subject.text, frame + asked(question) + answerLimit));
    }

    private String content(String question, Mode mode, String evidence, String excerpt) {
        return Wording.ofQuestion(mode.document(), mode.evidence())
                .with(Map.of("title", subject.title, "document", excerpt, "evidence", evidence, "question", question));
    }

    private static Author.Prompt prompt(List<Message> messages, int mostTokens) {
        return new Author.Prompt(messages, 0, mostTokens, 0);
    }

    private static String read(Document document) {
        StringWriter whole = new StringWriter();
        try (Reader reader = document.open()) {
            reader.transferTo(whole);
        } catch (IOException e) {
            throw new LiftException(
                    "\"" + document.source() + "\" cannot be read: check the disk and the permissions.", e);
        }
        return whole.toString();
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
