package io.github.lift4j.server.api;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.Json;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.DataFolder;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.JobQueue;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.Tenant;
import io.javalin.http.Context;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code /v1/models}: the base, what embeds texts, and the memories that are whole until they are deleted. */
public final class ModelsApi {

    private static final Logger LOG = System.getLogger(ModelsApi.class.getName());
    private static final String MODEL = "/v1/models/{model}";

    private final Caller caller;
    private final BaseModel base;
    private final Optional<String> embedder;
    private final Store store;
    private final JobQueue jobs;
    private final Desk desk;

    /** @param embedder the name of the model that embeds texts, where there is one */
    public ModelsApi(Caller caller, BaseModel base, Optional<String> embedder, Store store, Desk desk) {
        this.caller = caller;
        this.base = base;
        this.embedder = embedder;
        this.store = store;
        this.jobs = store.jobs();
        this.desk = desk;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v1/models", this::list), Route.get(MODEL, this::get), Route.delete(MODEL, this::delete));
    }

    /** A model as the API gives it. */
    private record ModelView(String id, String object, long created, String ownedBy) {

        static ModelView of(Job job) {
            return new ModelView(job.memory(), "model", job.finishedAt().orElse(job.createdAt()), "user");
        }
    }

    /** A model that is there for all. */
    private ModelView ofAll(String id) {
        return new ModelView(id, "model", base.createdAt(), "lift4j");
    }

    /** The id of a model that is there for all, where a caller means one. */
    private Optional<String> isOfAll(String name) {
        return base.is(name) ? Optional.of(base.id()) : embedder.filter(name::equals);
    }

    private void list(Context request) {
        Tenant tenant = caller.of(request);
        List<ModelView> models = Stream.of(
                        Stream.of(ofAll(base.id())),
                        embedder.map(this::ofAll).stream(),
                        jobs.finished(tenant).stream().map(ModelView::of))
                .flatMap(part -> part)
                .toList();
        Json.send(request, ListView.of(models, ModelView::id));
    }

    private void get(Context request) {
        String name = request.pathParam("model");
        Json.send(
                request,
                isOfAll(name)
                        .map(this::ofAll)
                        .or(() -> jobs.finished(caller.of(request), name).map(ModelView::of))
                        .orElseThrow(() -> Catalog.missing(name)));
    }

    /** Its name is gone at once, so is it after a kill; its files go when those who asked it have their answers. */
    private void delete(Context request) {
        String name = request.pathParam("model");
        if (isOfAll(name).isPresent()) {
            throw ApiException.forbidden("The model " + name + " is there for all: only memories can be deleted.");
        }
        Tenant tenant = caller.of(request);
        Job job = jobs.finished(tenant, name).orElseThrow(() -> Catalog.missing(name));
        if (!jobs.forget(tenant, name)) {
            throw Catalog.missing(name);
        }
        store.events().say(job.id(), "info", "The memory " + name + " was deleted.");
        Path home = store.folder().memory(job.memory());
        desk.forget(home, () -> remove(home));
        Json.send(request, new Deleted(name, "model", true));
    }

    private static void remove(Path home) {
        try {
            DataFolder.delete(home);
        } catch (LiftException e) {
            // Nobody who asked for it waits any more; the next start tries again.
            LOG.log(Level.WARNING, "the files of a deleted memory are still there", e);
        }
    }
}
