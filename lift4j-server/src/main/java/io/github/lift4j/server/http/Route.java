package io.github.lift4j.server.http;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * A thing that can be called.
 *
 * @param path with {@code {names}} for what differs, as OpenAPI writes it
 */
public record Route(HandlerType method, String path, Handler handler) {

    public static Route get(String path, Handler handler) {
        return new Route(HandlerType.GET, path, handler);
    }

    public static Route post(String path, Handler handler) {
        return new Route(HandlerType.POST, path, handler);
    }

    public static Route delete(String path, Handler handler) {
        return new Route(HandlerType.DELETE, path, handler);
    }
}
