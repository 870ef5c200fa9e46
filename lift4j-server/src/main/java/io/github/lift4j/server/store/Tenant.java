package io.github.lift4j.server.store;

/**
 * Whose files and jobs these are. Everything stored belongs to one, and nothing is looked up without one.
 *
 * @param id as the database holds it
 */
public record Tenant(String id) {

    /** Whoever calls a service without keys, and what a key opens where nothing else was said. */
    public static final Tenant LOCAL = new Tenant("local");
}
