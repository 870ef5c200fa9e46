package io.github.lift4j.server.http;

import io.javalin.http.Context;
import java.util.Optional;

/** What stands behind the question mark of a list's address. */
public final class Query {

    private Query() {}

    /** The id behind which to begin. */
    public static Optional<String> after(Context request) {
        return Optional.ofNullable(request.queryParam("after"));
    }

    /** How many items to give at most. */
    public static int limit(Context request, int usual, int most) {
        String given = Optional.ofNullable(request.queryParam("limit")).orElse(String.valueOf(usual));
        try {
            int limit = Integer.parseInt(given);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException notOne) {
            throw limitRefused(most);
        }
        throw limitRefused(most);
    }

    private static ApiException limitRefused(int most) {
        return ApiException.invalid("limit", "'limit' must be a whole number between 1 and " + most + ".");
    }
}
