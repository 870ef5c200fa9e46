package io.github.lift4j.server.api;

import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.DataFolder;
import io.github.lift4j.server.store.JobQueue;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.Tenant;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@code /v1/lift/memories}: a memory to take along. */
public final class MemoriesApi {

    private final Caller caller;
    private final DataFolder folder;
    private final JobQueue jobs;
    private final Desk desk;

    public MemoriesApi(Caller caller, Store store, Desk desk) {
        this.caller = caller;
        this.folder = store.folder();
        this.jobs = store.jobs();
        this.desk = desk;
    }

    public List<Route> routes() {
        return List.of(Route.get("/v1/lift/memories/{model}", this::archive));
    }

    private void archive(Context request) throws IOException {
        Tenant tenant = caller.of(request);
        String name = request.pathParam("model");
        requireThere(tenant, name);
        Path home = folder.memory(name);
        try (Desk.Loan _ = desk.lend(home)) {
            // It may have been deleted before it was lent; now it stays until it has been sent.
            requireThere(tenant, name);
            request.contentType("application/zip")
                    .header("Content-Disposition", "attachment; filename=\"" + name + ".zip\"");
            MemoryArchive.write(name, home, request.outputStream());
        }
    }

    private void requireThere(Tenant tenant, String name) {
        if (jobs.finished(tenant, name).isEmpty()) {
            throw Catalog.missing(name);
        }
    }
}
