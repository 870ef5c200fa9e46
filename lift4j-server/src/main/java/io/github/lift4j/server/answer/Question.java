package io.github.lift4j.server.answer;

import io.github.lift4j.answer.Prepared;
import io.github.lift4j.answer.StopText;
import io.github.lift4j.engine.generation.ContinuousBatch;
import io.github.lift4j.engine.generation.TokenOdds;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.StreamingDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A question on its way through the desk, from its place in the line to the end of its answer. Belongs to one thread at a
 * time.
 */
final class Question<P> {

    /** By which questions share a batch. */
    sealed interface Key {}

    /** The same voice for the same owner. */
    record Alone(String owner, Voice<?> voice) implements Key {}

    /** Whatever voices can. */
    record Together() implements Key {}

    private final Ask<P> ask;
    private final Key key;
    private final Reply reply;
    private final LanguageModel model;
    private final Runnable whenOver;
    private final StopText text;
    private final StreamingDecoder decoder;
    /** Of tokens whose text is not certain yet. */
    private final List<TokenOdds> odds = new ArrayList<>();

    private int promptTokens;
    private List<String> evidence = List.of();
    private int tokens;
    private boolean over;

    /** @param whenOver runs once, before the end or the failure is said */
    Question(Ask<P> ask, Reply reply, LanguageModel model, Runnable whenOver) {
        this.ask = ask;
        this.key = ask.voice().inCompany() ? new Together() : new Alone(ask.owner(), ask.voice());
        this.reply = reply;
        this.model = model;
        this.whenOver = whenOver;
        this.text = new StopText(ask.stops());
        this.decoder = StreamingDecoder.of(model.tokenizer(), true);
    }

    Ask<P> ask() {
        return ask;
    }

    Key key() {
        return key;
    }

    /** Whether anybody still listens. */
    boolean wanted() {
        return reply.wanted();
    }

    /** How many tokens were written. */
    int tokens() {
        return tokens;
    }

    /** What is to be written. */
    ContinuousBatch.Text text(Prepared prepared) {
        promptTokens = prepared.promptTokens();
        evidence = prepared.evidence();
        return new ContinuousBatch.Text(prepared.ids(), ask.sampling(), ask.most(), ask.likeliest(), this::hear);
    }

    private boolean hear(int id, Optional<TokenOdds> told) {
        tokens++;
        told.ifPresent(odds::add);
        try {
            say(text.next(decoder.next(id)));
            return reply.wanted() && !text.stopped();
        } catch (RuntimeException e) {
            // It is this text that cannot be told: those beside it go on.
            fail(e);
            return false;
        }
    }

    private void say(String piece) {
        if (!piece.isEmpty()) {
            reply.say(new Heard.Piece(piece, odds));
            odds.clear();
        }
    }

    /** The answer is whole, or nobody listens any more. */
    void end() {
        if (!over) {
            say(text.next(decoder.finish()));
            say(text.finish());
            if (!odds.isEmpty()) {
                // Of tokens that said nothing, such as those of a stop text.
                reply.say(new Heard.Piece("", odds));
            }
            boolean full = tokens >= ask.most() || promptTokens + tokens >= model.window();
            over(new Heard.End(promptTokens, tokens, full && !text.stopped(), evidence));
        }
    }

    /** There is no answer, or no more of it; nothing is said where it was over already. */
    void fail(Throwable why) {
        if (!over) {
            over(new Heard.Failure(why));
        }
    }

    private void over(Heard last) {
        over = true;
        whenOver.run();
        reply.say(last);
    }
}
