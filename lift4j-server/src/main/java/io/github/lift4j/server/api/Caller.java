package io.github.lift4j.server.api;

import io.github.lift4j.server.store.Tenant;
import io.javalin.http.Context;

/** Says who calls. The one place that a key would be looked at. */
@FunctionalInterface
public interface Caller {

    /** Whoever calls from this machine is the same. */
    Caller LOCAL = request -> Tenant.LOCAL;

    /** Whose files, jobs and memories a request may see. */
    Tenant of(Context request);
}
