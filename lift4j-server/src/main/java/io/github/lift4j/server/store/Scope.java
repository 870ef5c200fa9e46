package io.github.lift4j.server.store;

import io.github.lift4j.engine.LiftException;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a key opens. */
public enum Scope {
    /** Seeing files, jobs and models, and asking. */
    READ,
    /** Making, changing and deleting files, jobs and memories. */
    WRITE,
    /** Seeing how the whole service is, over all tenants. */
    METRICS;

    /** As people write it, and the database. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws LiftException where there is no such scope, or none was named */
    public static Set<Scope> parse(Collection<String> words) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String word : words) {
            scopes.add(Arrays.stream(values())
                    .filter(scope -> scope.word().equals(word))
                    .findFirst()
                    .orElseThrow(
                            () -> new LiftException("There is no scope '" + word + "': use read, write and metrics.")));
        }
        if (scopes.isEmpty()) {
            throw new LiftException("A key without a scope opens nothing: use read, write and metrics.");
        }
        return scopes;
    }

    static String words(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::word).collect(Collectors.joining(","));
    }
}
