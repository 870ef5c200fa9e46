package io.github.lift4j.server.api;

import io.github.lift4j.server.http.Json;
import io.github.lift4j.server.http.Metrics;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.Scope;
import io.github.lift4j.server.work.JobWorker;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** What those who run the service look at. */
public final class OperationsApi {

    private final Metrics metrics;
    private final JobWorker worker;

    public OperationsApi(Metrics metrics, JobWorker worker) {
        this.metrics = metrics;
        this.worker = worker;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/health", request -> Json.send(request, Map.of("status", "ok")))
                        .open(),
                Route.get("/ready", this::ready).open(),
                Route.get("/metrics", this::metrics).needing(Scope.METRICS),
                Route.get("/openapi.json", this::openApi).open());
    }

    /** The model is loaded before the port is open, so it is the worker that may be missing. */
    private void ready(Context request) {
        boolean ready = worker.alive();
        request.status(ready ? 200 : 503);
        Json.send(request, Map.of("status", ready ? "ready" : "stopping"));
    }

    private void metrics(Context request) {
        request.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.text());
    }

    private void openApi(Context request) throws IOException {
        try (InputStream document = OperationsApi.class.getResourceAsStream("openapi.json")) {
            if (document == null) {
                throw new IllegalStateException("openapi.json is missing from the library");
            }
            request.contentType("application/json").result(document.readAllBytes());
        }
    }
}
