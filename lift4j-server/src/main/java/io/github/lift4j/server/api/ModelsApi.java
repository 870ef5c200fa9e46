package io.github.lift4j.server.api;

import io.github.lift4j.server.http.Json;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.Job;
import io.github.lift4j.server.store.JobQueue;
import io.github.lift4j.server.store.Tenant;
import io.javalin.http.Context;
import java.util.List;
import java.util.stream.Stream;

/** {@code /v1/models}: the base, and the memories that are whole. */
public final class ModelsApi {

    private final Caller caller;
    private final BaseModel base;
    private final JobQueue jobs;

    public ModelsApi(Caller caller, BaseModel base, JobQueue jobs) {
        this.caller = caller;
        this.base = base;
        this.jobs = jobs;
    }

    public List<Route> routes() {
        return List.of(Route.get("/v1/models", this::list), Route.get("/v1/models/{model}", this::get));
    }

    /** A model as the API gives it. */
    private record ModelView(String id, String object, long created, String ownedBy) {

        static ModelView of(Job job) {
            return new ModelView(job.memory(), "model", job.finishedAt().orElse(job.createdAt()), "user");
        }
    }

    private ModelView ofBase() {
        return new ModelView(base.id(), "model", base.createdAt(), "lift4j");
    }

    private void list(Context request) {
        Tenant tenant = caller.of(request);
        List<ModelView> models = Stream.concat(
                        Stream.of(ofBase()), jobs.finished(tenant).stream().map(ModelView::of))
                .toList();
        Json.send(request, ListView.of(models, ModelView::id));
    }

    private void get(Context request) {
        String name = request.pathParam("model");
        Json.send(
                request,
                base.is(name)
                        ? ofBase()
                        : jobs.finished(caller.of(request), name)
                                .map(ModelView::of)
                                .orElseThrow(() -> Catalog.missing(name)));
    }
}
