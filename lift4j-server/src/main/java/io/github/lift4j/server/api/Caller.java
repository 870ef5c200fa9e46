package io.github.lift4j.server.api;

import io.github.lift4j.server.store.Tenant;
import io.javalin.http.Context;

/** Says who calls. */
@FunctionalInterface
public interface Caller {

    /** Whose files, jobs and memories a request may see. */
    Tenant of(Context request);
}
