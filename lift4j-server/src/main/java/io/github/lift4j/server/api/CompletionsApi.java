package io.github.lift4j.server.api;

import io.github.lift4j.answer.Mode;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.engine.tokenizer.Message;
import io.github.lift4j.server.answer.Ask;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.answer.DocumentVoice;
import io.github.lift4j.server.answer.PlainVoice;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.RequestBody;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.Scope;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.Tenant;
import io.javalin.http.Context;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/chat/completions} and {@code /v1/completions}: answers. */
public final class CompletionsApi {

    private final Caller caller;
    private final LanguageModel model;
    private final Catalog catalog;
    private final Answers answers;
    private final Clock clock;

    public CompletionsApi(Caller caller, BaseModel base, Store store, Desk desk, Clock clock) {
        this.caller = caller;
        this.model = base.model();
        this.catalog = new Catalog(base, store);
        this.answers = new Answers(desk, catalog);
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v1/chat/completions", this::chat).needing(Scope.READ),
                Route.post("/v1/completions", this::text).needing(Scope.READ));
    }

    private void chat(Context request) throws InterruptedException {
        RequestBody body = RequestBody.of(request);
        Tenant tenant = caller.of(request);
        Catalog.Choice choice = catalog.choose(tenant, body, usual(true));
        Turns turns = Turns.read(body);
        Manner manner = Manner.ofChat(body, model.window());
        body.only("store", false);
        body.only("tools", List.of());
        body.only("tool_choice", "none");
        body.accept("parallel_tool_calls");
        body.object("response_format").ifPresent(format -> {
            format.only("type", "text");
            format.end();
        });
        body.end();
        Ask<?> ask = choice.memory()
                .<Ask<?>>map(folder -> about(tenant, folder, choice, turns, manner))
                .orElseGet(() -> plain(tenant, Optional.empty(), prompt(turns), manner));
        String id = "chatcmpl-" + UUID.randomUUID();
        answers.send(
                request,
                ask,
                manner,
                new ChatShape(id, now(), choice.name(), choice.mode().toString(), words(manner)),
                choice);
    }

    private Ask<List<Message>> about(Tenant tenant, Path memory, Catalog.Choice choice, Turns turns, Manner manner) {
        DocumentVoice voice = new DocumentVoice(
                memory, choice.mode(), choice.evidence(), turns.system(), manner.room(model.window()));
        return manner.ask(tenant, voice, turns.talk());
    }

    private static Ask<String> plain(Tenant tenant, Optional<Path> memory, String prompt, Manner manner) {
        return manner.ask(tenant, new PlainVoice(memory), prompt);
    }

    private String prompt(Turns turns) {
        List<Message> messages = new ArrayList<>(turns.talk());
        if (!turns.system().isEmpty()) {
            messages.addFirst(Message.system(turns.system()));
        }
        return model.tokenizer().requireChatTemplate().render(messages, true);
    }

    private void text(Context request) throws InterruptedException {
        RequestBody body = RequestBody.of(request);
        Tenant tenant = caller.of(request);
        Catalog.Choice choice = catalog.choose(tenant, body, usual(false));
        List<String> prompts = body.texts("prompt", 1);
        if (prompts.size() != 1) {
            throw ApiException.invalid("prompt", "'prompt' must be one text.");
        }
        Manner manner = Manner.ofText(body, model.window());
        body.only("best_of", 1);
        body.only("echo", false);
        body.end();
        boolean absorbed = choice.mode().absorbed();
        if (choice.mode().document() || choice.mode().evidence()) {
            throw ApiException.invalid(
                    "model",
                    "A text is written on in the modes lift and base only: ask a chat in the mode " + choice.mode()
                            + ".");
        }
        Ask<String> ask = plain(tenant, absorbed ? choice.memory() : Optional.empty(), prompts.getFirst(), manner);
        TextShape shape = new TextShape("cmpl-" + UUID.randomUUID(), now(), choice.name(), words(manner));
        answers.send(request, ask, manner, shape, choice);
    }

    private Optional<OddsWords> words(Manner manner) {
        return manner.likeliest().isPresent() ? Optional.of(new OddsWords(model.tokenizer())) : Optional.empty();
    }

    /** From the weights, and in a chat from the document too, as on the command line. */
    private Mode usual(boolean document) {
        return new Mode(model.tuned(), true, false, false, document);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
