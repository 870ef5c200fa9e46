package io.github.lift4j.server;

import io.github.lift4j.engine.LiftException;
import io.github.lift4j.evidence.TextEmbedderSource;
import io.github.lift4j.server.answer.Desk;
import io.github.lift4j.server.store.Limits;
import io.github.lift4j.server.work.Recipes;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a service listens, what it keeps where, and how much it takes on.
 *
 * @param data the folder that holds everything it keeps
 * @param host a name or an address of this machine
 * @param port 0 for any that is free
 * @param limits how much each tenant may have
 * @param answers how many answers are written and may be waited for at once
 * @param recipes that callers may name; empty for those that come with the library
 * @param embedder the model that embeds texts; empty where there is none
 */
public record ServerSettings(
        Path data,
        String host,
        int port,
        Limits limits,
        Desk.Size answers,
        Optional<Recipes> recipes,
        Optional<TextEmbedderSource> embedder) {

    /** @throws LiftException where there is no such port */
    public ServerSettings {
        if (port < 0 || port > 65_535) {
            throw new LiftException("A service needs a port from 0 to 65535, not " + port + ".");
        }
    }

    /** What {@code lift serve} does where nothing else is said; texts are embedded by the model on the class path. */
    public static ServerSettings of(Path data) {
        return new ServerSettings(
                data,
                "127.0.0.1",
                8080,
                Limits.USUAL,
                new Desk.Size(64, 64, 4),
                Optional.empty(),
                TextEmbedderSource.found());
    }

    /** The same elsewhere. */
    public ServerSettings at(String host, int port) {
        return new ServerSettings(data, host, port, limits, answers, recipes, embedder);
    }

    /** The same with other limits. */
    public ServerSettings with(Limits limits, Desk.Size answers) {
        return new ServerSettings(data, host, port, limits, answers, recipes, embedder);
    }

    /** The same with other recipes. */
    public ServerSettings with(Recipes recipes) {
        return new ServerSettings(data, host, port, limits, answers, Optional.of(recipes), embedder);
    }

    /** The same with another model that embeds texts, or none. */
    public ServerSettings with(Optional<TextEmbedderSource> embedder) {
        return new ServerSettings(data, host, port, limits, answers, recipes, embedder);
    }
}
