package io.github.lift4j.server.api;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.generation.TokenOdds;
import io.github.lift4j.server.answer.Ask;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.answer.Heard;
import io.github.lift4j.server.answer.Reply;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Has questions answered and sends the answers, whole or as they are written. */
final class Answers {

    private static final Logger LOG = System.getLogger(Answers.class.getName());

    /** How long a stream is silent before it says that it is still there. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Seconds after which a caller may find room in the line. */
    private static final int RETRY = 5;

    private final Desk desk;
    private final Catalog catalog;

    Answers(Desk desk, Catalog catalog) {
        this.desk = desk;
        this.catalog = catalog;
    }

    /** @param choice by whose name a failure is told, whatever its folder is called here */
    void send(Context request, Ask<?> ask, Manner manner, AnswerShape shape, Catalog.Choice choice)
            throws InterruptedException {
        try (Reply reply = desk.submit(ask)
                .orElseThrow(() -> ApiException.busy("Too many questions wait already: try again soon.", RETRY))) {
            // From here on it is not deleted under the question; before, it may have been.
            catalog.requireStillThere(choice);
            if (manner.stream()) {
                stream(request, reply, manner, shape, choice);
            } else {
                whole(request, reply, shape, choice);
            }
        }
    }

    private static void whole(Context request, Reply reply, AnswerShape shape, Catalog.Choice choice)
            throws InterruptedException {
        StringBuilder text = new StringBuilder();
        List<TokenOdds> odds = new ArrayList<>();
        while (true) {
            switch (next(reply)) {
                case Heard.Piece piece -> {
                    text.append(piece.text());
                    odds.addAll(piece.odds());
                }
                case Heard.Failure failure -> throw told(failure, choice);
                case Heard.End end -> {
                    Json.send(request, shape.whole(new Heard.Piece(text.toString(), odds), end));
                    return;
                }
            }
        }
    }

    private static Heard next(Reply reply) throws InterruptedException {
        Optional<Heard> heard = reply.next(SILENCE);
        while (heard.isEmpty()) {
            heard = reply.next(SILENCE);
        }
        return heard.get();
    }

    private static void stream(Context request, Reply reply, Manner manner, AnswerShape shape, Catalog.Choice choice)
            throws InterruptedException {
        EventStream events = new EventStream(request);
        try {
            Heard heard = next(reply, events);
            if (heard instanceof Heard.Failure failure && !events.begun()) {
                throw told(failure, choice);
            }
            if (shape.first().isPresent()) {
                events.send(Json.write(shape.first().get()));
            }
            while (heard instanceof Heard.Piece piece) {
                events.send(Json.write(shape.piece(piece)));
                heard = next(reply, events);
            }
            switch (heard) {
                case Heard.End end -> finish(events, manner, shape, end);
                // The status has gone out: all that is left is to say it in the stream.
                case Heard.Failure failure ->
                    events.send(Json.write(told(failure, choice).body()));
                case Heard.Piece piece -> throw new IllegalStateException("a piece behind the last");
            }
        } catch (IOException gone) {
            // Nobody listens any more; closing the reply stops the writing.
            LOG.log(Level.DEBUG, "a listener has gone", gone);
        }
    }

    private static Heard next(Reply reply, EventStream events) throws InterruptedException, IOException {
        Optional<Heard> heard = reply.next(SILENCE);
        while (heard.isEmpty()) {
            events.silence();
            heard = reply.next(SILENCE);
        }
        return heard.get();
    }

    private static void finish(EventStream events, Manner manner, AnswerShape shape, Heard.End end) throws IOException {
        events.send(Json.write(shape.last(end)));
        if (manner.usage()) {
            events.send(Json.write(shape.usage(end)));
        }
        events.send("[DONE]");
    }

    /** What a caller is told of a failure; a defect is thrown on. */
    private static ApiException told(Heard.Failure failure, Catalog.Choice choice) {
        return switch (failure.why()) {
            case LiftException refused -> ApiException.malformed(choice.named(String.valueOf(refused.getMessage())));
            case CancellationException stopping -> ApiException.stopping();
            case Throwable defect -> throw new IllegalStateException("an answer could not be written", defect);
        };
    }
}
