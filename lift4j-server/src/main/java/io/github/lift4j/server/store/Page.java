package io.github.lift4j.server.store;

import java.util.List;

/**
 * A part of a list, newest first.
 *
 * @param more whether there are older ones behind it
 */
public record Page<T>(List<T> items, boolean more) {

    public Page {
        items = List.copyOf(items);
    }

    /** Of one more than were asked for, those asked for. */
    static <T> Page<T> of(List<T> oneMore, int limit) {
        return new Page<>(oneMore.subList(0, Math.min(limit, oneMore.size())), oneMore.size() > limit);
    }
}
