package io.github.lift4j.server;

import io.github.lift4j.Lift;
import io.github.lift4j.engine.LiftException;
import io.github.lift4j.engine.model.LanguageModel;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.answer.Embeddings;
import io.github.lift4j.server.answer.Precedence;
import io.github.lift4j.server.api.BaseModel;
import io.github.lift4j.server.api.Caller;
import io.github.lift4j.server.api.CompletionsApi;
import io.github.lift4j.server.api.EmbeddingsApi;
import io.github.lift4j.server.api.EstimatesApi;
import io.github.lift4j.server.api.FilesApi;
import io.github.lift4j.server.api.JobsApi;
import io.github.lift4j.server.api.MemoriesApi;
import io.github.lift4j.server.api.ModelsApi;
import io.github.lift4j.server.api.OperationsApi;
import io.github.lift4j.server.http.Gate;
import io.github.lift4j.server.http.HttpService;
import io.github.lift4j.server.http.Loopback;
import io.github.lift4j.server.http.Metrics;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.page.WebPage;
import io.github.lift4j.server.store.DataFolder;
import io.github.lift4j.server.store.KeyRing;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.work.Estimates;
import io.github.lift4j.server.work.JobWorker;
import io.github.lift4j.server.work.Recipes;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A service on a loaded model: absorbs uploaded documents one after the other and answers from what it absorbed. What it
 * accepted is on the disk and is gone on with after a kill at any moment. Close it before the model.
 */
public final class LiftServer implements AutoCloseable {

    private final Deque<Runnable> closing;
    private final List<Route> routes;
    private final int port;

    private LiftServer(Deque<Runnable> closing, List<Route> routes, int port) {
        this.closing = closing;
        this.routes = routes;
        this.port = port;
    }

    /**
     * Takes up what the last process has left, and listens.
     *
     * @throws LiftException where the data folder cannot be written or another process has it, the port is taken, or
     *     other machines could call without a key
     */
    public static LiftServer start(Lift lift, ServerSettings settings) {
        require(settings);
        Deque<Runnable> closing = new ArrayDeque<>();
        try {
            return start(lift.model(), settings, Clock.systemUTC(), closing);
        } catch (RuntimeException e) {
            closing.forEach(Runnable::run);
            throw e;
        }
    }

    /**
     * Says what is wrong with settings before a model is loaded.
     *
     * @throws LiftException where other machines could call and there are no keys
     */
    public static void require(ServerSettings settings) {
        if (!Loopback.is(settings.host()) && !KeyRing.anyIn(settings.data())) {
            throw new LiftException(
                    "'" + settings.host() + "' can be reached from other machines, and there are no keys"
                            + " yet, so anybody could do everything: make one with lift keys add, or use --host 127.0.0.1.");
        }
    }

    /**
     * The data type in which a data folder's work was done last: load the model in it, so that its jobs go on. Empty for a
     * new folder.
     */
    public static Optional<String> dtype(Path data) {
        return DataFolder.dtype(data);
    }

    private static LiftServer start(
            LanguageModel model, ServerSettings settings, Clock clock, Deque<Runnable> closing) {
        Store store = opened(Store.open(settings.data(), clock), Store::close, closing);
        store.folder().keepDtype(model.transformer().type().toString());
        Precedence precedence = new Precedence();
        Desk desk = opened(new Desk(model, settings.answers(), precedence), Desk::close, closing);
        Optional<Embeddings> embeddings = settings.embedder()
                .map(source -> opened(
                        new Embeddings(source, settings.answers().waiting(), precedence), Embeddings::close, closing));
        Recipes recipes = settings.recipes()
                .orElseGet(() -> Recipes.forDevice(model.transformer().device()));
        JobWorker worker = opened(
                JobWorker.start(model, store, recipes, settings.limits(), precedence, clock),
                JobWorker::close,
                closing);
        BaseModel base = new BaseModel(model, clock.instant().getEpochSecond());
        Metrics metrics = metrics(store, desk, precedence);
        Caller caller = Gate::tenant;
        Gate gate = new Gate(store.keys(), !Loopback.is(settings.host()));
        List<Route> routes = Stream.of(
                        new ModelsApi(caller, base, embeddings.map(Embeddings::name), store, desk).routes(),
                        new MemoriesApi(caller, store, desk).routes(),
                        new FilesApi(caller, store, settings.limits()).routes(),
                        new JobsApi(
                                        caller,
                                        store,
                                        worker,
                                        base,
                                        recipes,
                                        settings.limits().jobs())
                                .routes(),
                        new EstimatesApi(caller, store, new Estimates(model, store, settings.limits()), base, recipes)
                                .routes(),
                        new CompletionsApi(caller, base, store, desk, clock).routes(),
                        new EmbeddingsApi(embeddings).routes(),
                        new OperationsApi(metrics, worker).routes())
                .flatMap(List::stream)
                .toList();
        HttpService http = opened(
                HttpService.start(
                        settings.host(),
                        settings.port(),
                        Stream.concat(routes.stream(), WebPage.routes().stream())
                                .toList(),
                        gate,
                        metrics),
                HttpService::close,
                closing);
        return new LiftServer(closing, routes, http.port());
    }

    private static <T> T opened(T part, Consumer<T> close, Deque<Runnable> closing) {
        closing.push(() -> close.accept(part));
        return part;
    }

    private static Metrics metrics(Store store, Desk desk, Precedence precedence) {
        Metrics metrics = new Metrics();
        metrics.gauge(
                "lift.jobs.unfinished",
                "Jobs that wait or run",
                () -> store.jobs().unfinished());
        metrics.gauge("lift.answers.asked", "Answers and embeddings that are waited for", precedence::asked);
        metrics.gauge("lift.voices.idle", "Memories that are loaded while nobody asks them", desk::idle);
        metrics.counter("lift.answers.tokens", "Tokens of answers", desk::tokens);
        return metrics;
    }

    /** The port that is listened on. */
    public int port() {
        return port;
    }

    /** All of the API that can be called. */
    List<Route> routes() {
        return routes;
    }

    /** Takes no more requests, saves how far the job under way came, and lets go of everything but the model. */
    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
