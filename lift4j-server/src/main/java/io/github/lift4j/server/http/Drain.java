package io.github.lift4j.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Reads on in what is refused already: most clients listen only when they have said everything. */
final class Drain {

    private static final Logger LOG = System.getLogger(Drain.class.getName());
    private static final long MOST_BYTES = 16 << 20;

    private Drain() {}

    /**
     * Reads and forgets the rest of a request's body, as far as it is not too long for that.
     *
     * @return whether that was all, so that the connection can be used again
     */
    static boolean all(Context request) {
        byte[] forgotten = new byte[1 << 16];
        try {
            InputStream body = request.req().getInputStream();
            long left = MOST_BYTES;
            int count = body.read(forgotten);
            while (count >= 0 && left > 0) {
                left -= count;
                count = body.read(forgotten);
            }
            return count < 0;
        } catch (IOException | IllegalStateException broken) {
            LOG.log(Level.DEBUG, "the rest of a refused request could not be read", broken);
            return false;
        }
    }
}
