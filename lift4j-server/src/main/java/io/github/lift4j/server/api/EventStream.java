package io.github.lift4j.server.api;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events; nothing is sent, the status included, before the first. */
final class EventStream {

    private final Context request;
    private boolean begun;

    EventStream(Context request) {
        this.request = request;
    }

    boolean begun() {
        return begun;
    }

    /** Sends one event. @throws IOException where nobody listens any more */
    void send(String data) throws IOException {
        write("data: " + data + "\n\n");
    }

    /** Sends what no listener hears, but the connection. */
    void silence() throws IOException {
        write(": still here\n\n");
    }

    private void write(String text) throws IOException {
        if (!begun) {
            begun = true;
            request.contentType("text/event-stream; charset=utf-8");
        }
        OutputStream out = request.res().getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
