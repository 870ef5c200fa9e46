package io.github.lift4j.server.page;

import io.github.lift4j.server.http.Route;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The page for people: three files, served as they are. It is a client of the API like any other, so it needs no key itself
 * and asks for one where the API does.
 */
public final class WebPage {

    /** Nothing from elsewhere, and nothing written into the page runs. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private WebPage() {}

    /** Where the page is: {@code /}. */
    public static List<Route> routes() {
        return List.of(
                file("/", "index.html", "text/html"),
                file("/page/app.js", "app.js", "text/javascript"),
                file("/page/style.css", "style.css", "text/css"));
    }

    private static Route file(String path, String name, String type) {
        return Route.get(path, request -> send(request, name, type)).open();
    }

    private static void send(Context request, String name, String type) throws IOException {
        try (InputStream file = WebPage.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is missing from the library");
            }
            request.header("Content-Security-Policy", POLICY)
                    .header("Cache-Control", "no-cache")
                    .contentType(type + "; charset=utf-8")
                    .result(file.readAllBytes());
        }
    }
}
