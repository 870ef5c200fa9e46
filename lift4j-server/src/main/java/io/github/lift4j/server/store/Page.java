package io.github.lift4j.server.store;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list, newest first.
 *
 * @param more whether there are older ones behind it
 */
public record Page<T>(List<T> items, boolean more) {

    public Page {
        items = List.copyOf(items);
    }

    /**
     * A part of what a tenant has.
     *
     * @param table has columns {@code number}, {@code id} and {@code tenant}
     * @param columns what is read of it, up to where the conditions begin
     * @param after the tenant's id behind which to begin; any other, or empty, for the beginning
     */
    static <T> Page<T> newest(
            Database database,
            String table,
            String columns,
            Database.Row<T> row,
            Tenant tenant,
            Optional<String> after,
            int limit) {
        String sql = columns + "WHERE tenant = ? AND number < coalesce((SELECT number FROM " + table
                + " WHERE id = ? AND tenant = ?), 9e18) ORDER BY number DESC LIMIT ?";
        return of(database.all(sql, row, tenant.id(), after.orElse(null), tenant.id(), limit + 1), limit);
    }

    /** Of one more than were asked for, those asked for. */
    static <T> Page<T> of(List<T> oneMore, int limit) {
        return new Page<>(oneMore.subList(0, Math.min(limit, oneMore.size())), oneMore.size() > limit);
    }
}
