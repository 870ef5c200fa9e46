package io.github.lift4j.server.api;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.server.http.ApiException;
import io.github.lift4j.server.http.Json;
import io.github.lift4j.server.http.Query;
import io.github.lift4j.server.http.Route;
import io.github.lift4j.server.store.FileShelf;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.store.Store;
import io.github.lift4j.server.store.StoredFile;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@code /v1/files}: documents to be absorbed. */
public final class FilesApi {

    private static final Set<String> PURPOSES = Set.of("fine-tune", "user_data");

    private final Caller caller;
    private final Store store;
    private final FileShelf files;
    private final Limits limits;

    public FilesApi(Caller caller, Store store, Limits limits) {
        this.caller = caller;
        this.store = store;
        this.files = store.files();
        this.limits = limits;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v1/files", this::upload),
                Route.get("/v1/files", this::list),
                Route.get("/v1/files/{file}", request -> Json.send(request, FileView.of(found(request)))),
                Route.delete("/v1/files/{file}", this::delete),
                Route.get("/v1/files/{file}/content", this::content));
    }

    /** A file as the API gives it. */
    private record FileView(
            String id, String object, long bytes, long createdAt, String filename, String purpose, String status) {

        static FileView of(StoredFile file) {
            return new FileView(
                    file.id(), "file", file.bytes(), file.createdAt(), file.name(), file.purpose(), "processed");
        }
    }

    private void upload(Context request) throws IOException {
        UploadForm form = UploadForm.receive(request, store.folder().temporary(), limits.fileBytes());
        String purpose = form.purpose();
        if (!PURPOSES.contains(purpose)) {
            throw purposeRefused();
        }
        Path received = files.receiving();
        try {
            form.saveDocument(received);
            StoredFile file = files.add(caller.of(request), received, form.documentName(), purpose, limits.files())
                    .orElseThrow(() -> ApiException.conflict(
                            "too_many_files",
                            "There are " + limits.files() + " files already, the most here: delete some first."));
            Json.send(request, FileView.of(file));
        } finally {
            Files.deleteIfExists(received);
        }
    }

    private static ApiException purposeRefused() {
        return ApiException.invalid("purpose", "'purpose' must be fine-tune or user_data.");
    }

    private void list(Context request) {
        String purpose = request.queryParam("purpose");
        if (purpose != null && !PURPOSES.contains(purpose)) {
            throw purposeRefused();
        }
        Json.send(
                request,
                ListView.of(
                        files.list(caller.of(request), Query.after(request), Query.limit(request, 10_000, 10_000)),
                        FileView::of,
                        StoredFile::id));
    }

    private void delete(Context request) {
        StoredFile file = found(request);
        try {
            files.delete(caller.of(request), file.id());
        } catch (LiftException needed) {
            throw ApiException.conflict("file_in_use", String.valueOf(needed.getMessage()));
        }
        Json.send(request, new Deleted(file.id(), "file", true));
    }

    private void content(Context request) throws IOException {
        StoredFile file = found(request);
        // Never as what a browser would show: the bytes are a stranger's.
        request.contentType("application/octet-stream")
                .header("Content-Disposition", "attachment")
                .result(Files.newInputStream(files.content(file)));
    }

    private StoredFile found(Context request) {
        String id = request.pathParam("file");
        return files.find(caller.of(request), id)
                .orElseThrow(() -> ApiException.missing("file_not_found", "file_id", "There is no file '" + id + "'."));
    }
}
