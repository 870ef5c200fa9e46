package io.github.lift4j.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.lift4j.Lift;
import io.github.lift4j.answer.Answer;
import io.github.lift4j.answer.Answerer;
import io.github.lift4j.answer.Mode;
import io.github.lift4j.answer.StopText;
import io.github.lift4j.answer.Window;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.evidence.Evidence;
import io.github.lift4j.memory.Memory;
import java.util.LinkedHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Talk about one memory's document in one mode: what {@link LiftChatModel} and {@link LiftStreamingChatModel} have in
 * common, so that the document is read once for both.
 *
 * <p>Any thread may ask. Answers are written one at a time, in the order of the questions; who comes in between waits.
 * Callers who must not wait for each other take a talk each, of one {@link Lift}. Ask on platform threads: native calls pin
 * virtual ones. A caller that is interrupted while it waits or is answered gets a {@link CancellationException}.
 *
 * <p>The document stands in the window behind the system message, so it is read again for another one; the two that were
 * used last stay ready. Owns native memory: close it before the {@link Lift}.
 */
public final class LiftTalk implements AutoCloseable {

    private static final String NO_EVIDENCE = "";
    private static final int USUAL_ANSWER = 256;

    /** System messages whose window stays ready: a service's own, and none or a helper's beside it. */
    private static final int READY = 2;

    private final LanguageModel model;
    private final Memory memory;
    private final Mode mode;
    private final String evidence;
    private final int answerTokens;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final LinkedHashMap<String, Answerer> ready = new LinkedHashMap<>();
    private volatile boolean closed;

    private LiftTalk(LanguageModel model, Memory memory, Mode mode, String evidence, int answerTokens) {
        this.model = model;
        this.memory = memory;
        this.mode = mode;
        this.evidence = evidence;
        this.answerTokens = answerTokens;
    }

    /**
     * Makes ready to talk in a mode without evidence, with answers of at most 256 tokens, or a quarter of the window where
     * that is less.
     *
     * @throws LiftException where the memory belongs to another base model, or the mode does not go with it
     */
    public static LiftTalk open(Lift lift, Memory memory, Mode mode) {
        return open(lift, memory, mode, NO_EVIDENCE);
    }

    /**
     * The same in any mode.
     *
     * @param evidence where a mode with evidence has it from, such as {@code bm25}; not looked at in others
     * @throws LiftException likewise, or where there is no such evidence
     */
    public static LiftTalk open(Lift lift, Memory memory, Mode mode, String evidence) {
        int usual = Math.min(USUAL_ANSWER, lift.model().window() / 4);
        return open(lift, memory, mode, evidence, usual);
    }

    /**
     * The same with shorter or longer answers.
     *
     * @param answerTokens longest answer, at least 1; the document has the rest of the window
     * @throws LiftException likewise
     */
    public static LiftTalk open(Lift lift, Memory memory, Mode mode, String evidence, int answerTokens) {
        LiftTalk talk = new LiftTalk(lift.model(), memory, mode, evidence, answerTokens);
        // What does not go together is refused here, not at the first question.
        talk.ready.put("", talk.openAnswerer(""));
        return talk;
    }

    /** What the base model is called. */
    String modelName() {
        return model.name();
    }

    /** Longest answer in tokens. */
    int answerTokens() {
        return answerTokens;
    }

    /**
     * Answers as soon as it is this caller's turn.
     *
     * @param pieces hears the answer's text as it is written, never an empty one, and says whether to go on
     * @throws LiftException where the talk does not fit in the window
     * @throws CancellationException where the thread is interrupted, or this is closed while it answers
     * @throws IllegalStateException where this is closed, or the caller is being answered already
     */
    ChatResponse answer(Turns turns, Manner manner, Predicate<String> pieces) {
        waitForTurn();
        try {
            return write(answerer(turns.system()), turns, manner, pieces);
        } catch (RuntimeException | Error e) {
            // Whether its window can still be used is not known.
            Answerer doubtful = ready.remove(turns.system());
            if (doubtful != null) {
                doubtful.close();
            }
            throw e;
        } finally {
            turn.unlock();
        }
    }

    private void waitForTurn() {
        refuseFromWithin();
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while others were being answered");
        }
        if (closed) {
            turn.unlock();
            throw new IllegalStateException("the talk about " + memory.folder() + " is closed");
        }
    }

    /** A handler that hears an answer is in the middle of it: the window it would ask or close is in use. */
    private void refuseFromWithin() {
        if (turn.isHeldByCurrentThread()) {
            throw new IllegalStateException("an answer is being written on this thread: wait for its end");
        }
    }

    private ChatResponse write(Answerer answerer, Turns turns, Manner manner, Predicate<String> pieces) {
        StopText stops = new StopText(manner.stops());
        StringBuilder text = new StringBuilder();
        Predicate<String> hear = piece -> {
            text.append(piece);
            return piece.isEmpty() || pieces.test(piece);
        };
        Answer answer = answerer.reply(
                turns.talk(),
                manner.sampling(),
                manner.most(),
                piece -> hear.test(stops.next(piece)) && !stops.stopped() && !closed);
        if (closed) {
            throw new CancellationException("closed while answering");
        }
        var _ = hear.test(stops.finish());
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text.toString()))
                .modelName(model.name())
                .tokenUsage(new TokenUsage(answer.promptTokens(), answer.answerTokens()))
                .finishReason(finishReason(answer, manner, stops))
                .build();
    }

    private FinishReason finishReason(Answer answer, Manner manner, StopText stops) {
        boolean longest = answer.answerTokens() >= manner.most();
        boolean full = answer.promptTokens() + answer.answerTokens() > model.window();
        return (longest || full) && !stops.stopped() ? FinishReason.LENGTH : FinishReason.STOP;
    }

    private Answerer answerer(String system) {
        Answerer known = ready.remove(system);
        if (known == null && ready.size() >= READY) {
            ready.pollFirstEntry().getValue().close();
        }
        Answerer answerer = known == null ? openAnswerer(system) : known;
        ready.put(system, answerer);
        return answerer;
    }

    private Answerer openAnswerer(String system) {
        Evidence passages = mode.evidence() ? Evidence.named(evidence, memory.text()) : Evidence.NONE;
        return Answerer.open(model, memory, mode, Window.full(answerTokens), passages, system);
    }

    /**
     * Ends the answer that is being written at its next token, refuses those that wait, and lets go of native memory.
     *
     * @throws IllegalStateException where a handler calls it in the middle of its answer
     */
    @Override
    public void close() {
        refuseFromWithin();
        closed = true;
        turn.lock();
        try {
            ready.values().forEach(Answerer::close);
            ready.clear();
        } finally {
            turn.unlock();
        }
    }
}
