package io.github.lift4j.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;

/** Reads on in what is refused already: most clients listen only when they have said everything. */
public final class Drain {

    private static final long MOST_BYTES = 16 << 20;

    private Drain() {}

    /** Reads and forgets the rest of a request's body, as far as it is not too long for that. */
    public static void some(Context request) throws IOException {
        InputStream body = request.req().getInputStream();
        byte[] forgotten = new byte[1 << 16];
        long left = MOST_BYTES;
        int count = body.read(forgotten);
        while (count > 0 && left > 0) {
            left -= count;
            count = body.read(forgotten);
        }
    }
}
