package io.github.lift4j.server.http;

import io.github.lift4j.server.store.Key;
import io.github.lift4j.server.store.KeyRing;
import io.github.lift4j.server.store.Scope;
import io.github.lift4j.server.store.Tenant;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who may call what. While there is no key, and only this machine can call, its programs may do everything; from the first
 * key on, whoever has one may do what it opens. A running service whose last key is removed lets nobody in.
 */
public final class Gate {

    private static final Pattern BEARER = Pattern.compile("Bearer +(\\S+) *", Pattern.CASE_INSENSITIVE);
    private static final String KEYED = "/v1/";
    private static final String KEY = "lift.key";
    private static final String TENANT = "lift.tenant";

    private final KeyRing keys;
    private volatile boolean locked;

    /** @param locked whether a key is needed even while there is none: where other machines can call */
    public Gate(KeyRing keys, boolean locked) {
        this.keys = keys;
        this.locked = locked;
    }

    /** Whose files, jobs and memories a request may see. */
    public static Tenant tenant(Context request) {
        return Optional.<Tenant>ofNullable(request.attribute(TENANT))
                .orElseThrow(() -> new IllegalStateException("a route without a scope has no tenant"));
    }

    /** Refuses a request whatever it asks for, before anything is said of whether that is there. */
    void pass(Context request) {
        if (!locked && keys.any()) {
            locked = true;
        }
        if (!locked) {
            Loopback.check(request);
            request.attribute(TENANT, Tenant.LOCAL);
        } else if (request.path().startsWith(KEYED)) {
            key(request);
        }
    }

    /** Refuses a request whose key does not open the route. */
    void admit(Context request, Route route) {
        if (locked && route.scope().isPresent()) {
            Scope needed = route.scope().get();
            if (!key(request).scopes().contains(needed)) {
                throw ApiException.unscoped("This key lacks the scope '" + needed.word() + "' that "
                        + request.method().name() + " " + route.path() + " needs: use one that has it.");
            }
        }
    }

    private Key key(Context request) {
        Key known = request.attribute(KEY);
        if (known != null) {
            return known;
        }
        Matcher bearer = BEARER.matcher(
                Optional.ofNullable(request.header("Authorization")).orElse(""));
        request.header("WWW-Authenticate", "Bearer");
        if (!bearer.matches()) {
            throw ApiException.unauthorized("There is no API key in the request: send 'Authorization: Bearer KEY'.");
        }
        // The key itself is not repeated: answers are logged by those who get them.
        Key found = keys.find(bearer.group(1))
                .orElseThrow(() -> ApiException.unauthorized("The API key is wrong, or was removed."));
        request.res().setHeader("WWW-Authenticate", null);
        request.attribute(KEY, found);
        request.attribute(TENANT, found.tenant());
        return found;
    }
}
