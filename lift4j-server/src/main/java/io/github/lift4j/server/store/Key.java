package io.github.lift4j.server.store;

import java.util.Optional;
import java.util.Set;

/**
 * Who has its secret may call.
 *
 * @param name for people
 * @param tenant whose files, jobs and memories it opens
 * @param createdAt seconds since 1970
 * @param usedAt likewise, to the minute; empty where it never was
 */
public record Key(String name, Tenant tenant, Set<Scope> scopes, long createdAt, Optional<Long> usedAt) {

    public Key {
        scopes = Set.copyOf(scopes);
    }
}
