package io.github.lift4j.server.http;

import io.github.lift4j.server.store.Scope;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.Optional;

/**
 * A thing that can be called.
 *
 * @param path with {@code {names}} for what differs, as OpenAPI writes it
 * @param scope that a key needs for it; empty where no key is needed
 */
public record Route(HandlerType method, String path, Optional<Scope> scope, Handler handler) {

    public static Route get(String path, Handler handler) {
        return new Route(HandlerType.GET, path, Optional.of(Scope.READ), handler);
    }

    public static Route post(String path, Handler handler) {
        return new Route(HandlerType.POST, path, Optional.of(Scope.WRITE), handler);
    }

    public static Route delete(String path, Handler handler) {
        return new Route(HandlerType.DELETE, path, Optional.of(Scope.WRITE), handler);
    }

    /** The same for keys of another scope than its method's usual one. */
    public Route needing(Scope scope) {
        return new Route(method, path, Optional.of(scope), handler);
    }

    /** The same for everybody. */
    public Route open() {
        return new Route(method, path, Optional.empty(), handler);
    }
}
