package io.github.lift4j.server.store;

/**
 * Whose files and jobs these are. Everything stored belongs to one, and nothing is looked up without one.
 *
 * @param id as the database holds it
 */
public record Tenant(String id) {

    /** The only one of a service without keys: whoever sits at this machine. */
    public static final Tenant LOCAL = new Tenant("local");
}
